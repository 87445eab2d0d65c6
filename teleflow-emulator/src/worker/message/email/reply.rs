//! The address for replies, if the step passes them on to a URL.

use crate::js;
use crate::worker::message::details::{Detail, text};
use crate::worker::message::sending::Sending;

/// The address at which the server receives replies. Adds a warning if it is not configured.
pub(super) fn address(sending: &mut Sending<'_>) -> Option<String> {
    let callback = sending.run.step.reply_callback.as_ref().filter(|callback| callback.active)?;
    let dns = &sending.run.environment.settings.dns;
    let has_record = js::if_truthy(dns.get("mxRecordConfigured")).is_some();
    let domain = js::if_truthy(dns.get("inboundParseDomain"));
    let has_url = callback.url.as_deref().is_some_and(|url| !url.is_empty());
    let warning = match (has_url, has_record, domain) {
        (false, ..) => text::NO_REPLY_URL,
        (true, true, Some(domain)) => {
            let (transaction, environment) = (sending.run.job.transaction_id(), &sending.run.environment.id);
            return Some(format!("parse+{transaction}-nv-e={environment}@{}", js::to_text(domain)));
        }
        (true, false, None) => text::NO_REPLY_SETTINGS,
        (true, false, Some(_)) => text::NO_REPLY_MX_RECORD,
        (true, true, None) => text::NO_REPLY_DOMAIN,
    };
    sending.details.push(Detail::new("Warning", warning));
    None
}
