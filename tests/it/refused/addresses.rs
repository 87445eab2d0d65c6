//! A payload's `email`, `phone` and `webhookUrl` are sent only where somebody has said that they are meant as addresses.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use teleflow::{
    Broadcast, Bulk, Client, ErrorKind, Event, IntoRecipients, Overrides, Request, Subscriber, TeleflowWorkflow, Tenant,
};
use teleflow_emulator::{Emulator, Workflow};

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Customer {
    name: &'static str,
    phone: &'static str,
}

const CUSTOMER: Customer = Customer { name: "Ben", phone: "+49301" };

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice")]
struct Flattened {
    number: u32,
    #[serde(flatten)]
    customer: Customer,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice")]
struct FlattenedMap {
    number: u32,
    #[serde(flatten)]
    rest: HashMap<String, String>,
}

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice")]
#[serde(into = "Customer")]
struct Into {
    phone: &'static str,
}

impl From<Into> for Customer {
    fn from(Into { phone }: Into) -> Self {
        Self { phone, ..CUSTOMER }
    }
}

fn rest(key: &str) -> HashMap<String, String> {
    HashMap::from([(String::from(key), String::from("x"))])
}

#[track_caller]
fn refused(request: teleflow::Result<Request>, name: &str) {
    let error = request.expect_err(name);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{error}");
    let text = error.to_string();
    assert!(text.contains(&format!("`payload.{name}`")), "{text}");
    assert!(text.contains("instead of to the subscriber's own address"), "{text}");
    assert!(text.contains("address_from_payload") && text.contains("#[teleflow(address"), "{text}");
}

fn untyped(payload: impl Serialize) -> teleflow::Result<Request> {
    Event::untyped("invoice", payload).to("ada").into_request()
}

#[test]
fn an_address_that_nobody_meant_is_refused_however_it_gets_there() {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    enum Root {
        Email(Customer),
        Phone {},
        WebhookUrl(u8, u8),
    }
    refused(Flattened { number: 7, customer: CUSTOMER }.to("ada").into_request(), "phone");
    refused(Flattened { number: 7, customer: CUSTOMER }.broadcast().into_request(), "phone");
    refused((&Flattened { number: 7, customer: CUSTOMER }).to("ada").into_request(), "phone");
    for name in ["email", "phone", "webhookUrl"] {
        refused(FlattenedMap { number: 7, rest: rest(name) }.to("ada").into_request(), name);
        refused(untyped(json!({"a": 1, (name): "x"})), name);
        refused(untyped(BTreeMap::from([(name, "x")])), name);
        refused(untyped(Some(BTreeMap::from([(name, "x")]))), name);
        refused(untyped(RawValue::from_string(format!("{{\"a\": 1, \"{name}\": \"x\"}}")).unwrap()), name);
        refused(Broadcast::untyped("invoice", json!({(name): null})).into_request(), name);
    }
    refused(untyped(RawValue::from_string(String::from(r#"{"\u0065mail": "x"}"#)).unwrap()), "email");
    refused(Into { phone: "+49301" }.to("ada").into_request(), "phone");
    refused(untyped(CUSTOMER), "phone");
    refused(untyped(Root::Email(CUSTOMER)), "email");
    refused(untyped(Root::Phone {}), "phone");
    refused(untyped(Root::WebhookUrl(1, 2)), "webhookUrl");
}

#[tokio::test]
async fn in_a_bulk_only_the_event_with_the_address_is_refused() {
    let bulk = || -> Bulk {
        let payloads = [json!({"n": 1}), json!({"email": "x@example.com"}), json!({"n": 3})];
        payloads.into_iter().map(|payload| Event::untyped("invoice", payload).to("ada")).collect()
    };
    let error = bulk().into_requests().unwrap_err();
    assert!(error.to_string().contains("`payload.email`"), "{error}");

    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("invoice"));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    let report = bulk().send(&client).await;
    let errors: Vec<_> = report.errors().map(|(position, error)| (position, error.kind())).collect();
    assert_eq!(errors, [(1, ErrorKind::Invalid)]);
    let payloads: Vec<_> = emulator.jobs().iter().map(|job| job.payload().clone()).collect();
    assert_eq!(payloads, [json!({"n": 1}), json!({"n": 3})]);
}

#[test]
fn an_address_that_is_meant_is_sent() {
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "invoice", address("phone", "webhookUrl"))]
    struct Meant {
        #[teleflow(address)]
        #[serde(rename = "email")]
        accounting: &'static str,
        #[serde(flatten)]
        customer: Customer,
    }
    #[derive(Clone, Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "invoice", address("phone"))]
    #[serde(into = "Customer")]
    struct MeantInto {}
    impl From<MeantInto> for Customer {
        fn from(_: MeantInto) -> Self {
            CUSTOMER
        }
    }

    let sent = |request: teleflow::Result<Request>, text: &str| {
        let body = String::from_utf8(request.unwrap().body().to_vec()).unwrap();
        assert!(body.contains(text), "{body}");
    };
    let meant = Meant { accounting: "a@example.com", customer: CUSTOMER };
    let payload = r#""payload":{"email":"a@example.com","name":"Ben","phone":"+49301"}"#;
    sent((&meant).to("ada").into_request(), payload);
    sent(meant.broadcast().into_request(), payload);
    sent(MeantInto {}.to("ada").into_request(), r#""payload":{"name":"Ben","phone":"+49301"}"#);
    let untyped = || Event::untyped("invoice", json!({"email": "x", "phone": "y", "webhookUrl": "z"}));
    sent(untyped().address_from_payload().to("ada").into_request(), r#""webhookUrl":"z""#);
    sent(untyped().to("ada").address_from_payload().into_request(), r#""email":"x""#);
    let broadcast = Broadcast::untyped("invoice", json!({"email": "x"}));
    sent(broadcast.address_from_payload().into_request(), r#""email":"x""#);
}

#[test]
fn only_the_names_that_are_meant_may_be_there() {
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "invoice", address("email"))]
    struct Invoice {
        #[serde(flatten)]
        rest: HashMap<String, String>,
    }
    assert!(Invoice { rest: rest("email") }.to("ada").into_request().is_ok());
    refused(Invoice { rest: rest("phone") }.to("ada").into_request(), "phone");
}

#[test]
fn names_of_addresses_mean_nothing_elsewhere() {
    let address = || json!({"email": "x", "phone": "y", "webhookUrl": "z"});
    let event = || Event::untyped("invoice", json!({"customer": address(), "list": [address()], "Email": 1}));
    fn fine(event: Event<teleflow::Untyped<serde_json::Value>, impl IntoRecipients>) {
        event.into_request().unwrap();
    }
    fine(event().to("ada"));
    fine(event().to(Subscriber::new("ada").data(address())));
    fine(event().to("ada").actor(Subscriber::new("ben").data(address())));
    fine(event().to("ada").tenant(Tenant::new("acme").data(address())));
    fine(event().to("ada").overrides(Overrides::new().provider("sendgrid", address())));
}
