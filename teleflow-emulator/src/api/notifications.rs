//! The handler that tells what became of events: `GET /v1/notifications`.
//!
//! Source: `notification.controller.ts` and `activities-response.dto.ts` of the server.

use http::StatusCode;
use serde_json::{Value, json};

use super::form;
use super::response::{Failure, Success};
use super::state::Shared;
use crate::database::store::ApiKey;
use crate::js;
use crate::worker::steps;

/// The size of every page.
const PAGE_SIZE: usize = 10;

/// Lists notifications, newest first, without the envelope. Heeds `transactionId`, `subscriberIds` and `page`.
pub(crate) fn list(shared: &Shared, caller: &ApiKey, query: &str) -> Result<Success, Failure> {
    let values = |name: &str| -> Vec<String> {
        let named = form::pairs(query).filter(|(key, _)| key.strip_suffix("[]").unwrap_or(key) == name);
        named.map(|(_, value)| value).filter(|value| !value.is_empty()).collect()
    };
    let (transaction_ids, subscriber_ids) = (values("transactionId"), values("subscriberIds"));
    // Source: `get-activity-feed.command.ts`, `IsNumber`. That the server answers 400 to `page=x` was recorded; its
    // words were not, and are those of `class-validator`.
    let page = values("page").first().map_or(0.0, |page| js::number(page));
    if !page.is_finite() {
        return Err(Failure::bad_request(vec![
            "page must be a number conforming to the specified constraints".to_owned(),
        ]));
    }
    let page = page as usize;
    let is_wanted = |wanted: &[String], value: &str| wanted.is_empty() || wanted.iter().any(|text| text == value);

    let mut state = shared.lock();
    steps::resume(&mut state.history, shared.clock.since_epoch());
    let subscribers = state.database.environment(&caller.environment_id).map(|environment| &environment.subscribers);
    let mut found = state.history.notifications().iter().rev().filter(|notification| {
        notification.job.environment_id() == caller.environment_id
            && is_wanted(&transaction_ids, notification.transaction_id())
            && is_wanted(&subscriber_ids, notification.subscriber_id())
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
