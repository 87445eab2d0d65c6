//! Transaction ids: random, derived from a template, or given by the caller.

mod derived;

use std::collections::HashSet;

use serde::Serialize;
use teleflow::{ErrorKind, Event, Request, TeleflowWorkflow, TransactionId, bulk};

fn id(request: teleflow::Result<Request>) -> String {
    request.unwrap().transaction_ids().next().unwrap().to_string()
}

#[test]
fn a_given_id_replaces_the_derived_one_and_must_not_be_blank() {
    #[derive(Clone, Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "order-shipped", transaction_id = "order-{order}")]
    struct OrderShipped<'a> {
        order: &'a str,
    }
    let order = OrderShipped { order: "A-7" };
    assert_eq!(id(order.clone().to("ada").transaction_id("mine").into_request()), "mine");
    for blank in ["", " ", "a\nb"] {
        let error = order.clone().to("ada").transaction_id(blank).into_request().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{blank:?}");
    }
    for invalid in ["", ".", ".."] {
        let client = teleflow::Client::new("key").unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let error = runtime.block_on(client.cancel(&TransactionId::from(invalid))).unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{invalid:?}");
    }
}

#[test]
fn default_ids_are_random_and_in_the_body() {
    let event = || Event::untyped("welcome", serde_json::json!({})).to("ada");
    let request = bulk![event(), event(), event()].into_request().unwrap();
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    let ids: HashSet<_> = request.transaction_ids().map(TransactionId::as_str).collect();
    assert_eq!(ids.len(), 3);
    for id in ids {
        assert!(body.contains(&format!(r#""transactionId":"{id}""#)));
        assert_eq!(id.as_bytes()[14], b'4', "{id} is not a UUID v4");
    }
}
