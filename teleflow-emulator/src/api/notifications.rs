//! `GET /v1/notifications`: lists the notifications of events.
// Source: `notification.controller.ts` and `activities-response.dto.ts`.

use http::StatusCode;
use serde_json::{Value, json};

use super::form;
use super::response::{Failure, Success};
use super::state::Shared;
use crate::database::store::ApiKey;
use crate::js;

/// The size of every page.
const PAGE_SIZE: usize = 10;

/// Lists notifications, newest first, without the envelope. Supports `transactionId`, `subscriberIds` and `page`.
pub(crate) fn list(shared: &Shared, caller: &ApiKey, query: &str) -> Result<Success, Failure> {
    let values = |name: &str| -> Vec<String> {
        let matching = form::pairs(query).filter(|(key, _)| key.strip_suffix("[]").unwrap_or(key) == name);
        matching.map(|(_, value)| value).filter(|value| !value.is_empty()).collect()
    };
    let (transaction_ids, subscriber_ids) = (values("transactionId"), values("subscriberIds"));
    // Source: `get-activity-feed.command.ts`, `IsNumber`. The status 400 for `page=x` was recorded; the
    // message was not, and is that of `class-validator`.
    let page = values("page").first().map_or(0.0, |page| js::parse_number(page));
    if !page.is_finite() {
        return Err(Failure::bad_request(vec![
            "page must be a number conforming to the specified constraints".to_owned(),
        ]));
    }
    let page = page as usize;
    let matches = |filter: &[String], value: &str| filter.is_empty() || filter.iter().any(|text| text == value);

    let mut state = shared.lock();
    state.catch_up(shared.clock.since_epoch());
    let subscribers = state.database.environment(&caller.environment_id).map(|environment| &environment.subscribers);
    let mut found = state.worker.history.notifications().iter().rev().filter(|notification| {
        notification.job.environment_id() == caller.environment_id
            && matches(&transaction_ids, notification.transaction_id())
            && matches(&subscriber_ids, notification.subscriber_id())
    });
    let mut data: Vec<Value> = Vec::new();
    for notification in found.by_ref().skip(page.saturating_mul(PAGE_SIZE)).take(PAGE_SIZE) {
        let subscriber = subscribers.and_then(|subscribers| subscribers.get(notification.subscriber_id()));
        data.push(notification.to_json(subscriber.unwrap_or(&Value::Null)));
    }
    let has_more = found.next().is_some();
    let body = json!({ "hasMore": has_more, "page": page, "pageSize": PAGE_SIZE, "data": data });
    Ok(Success { status: StatusCode::OK, body })
}
