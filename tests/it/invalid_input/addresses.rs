//! `email`, `phone` and `webhookUrl` at a payload's top level are rejected unless they are declared as addresses.

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
fn assert_rejected(request: teleflow::Result<Request>, name: &str) {
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
fn an_undeclared_address_is_rejected_however_it_is_serialized() {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    enum Root {
        Email(Customer),
        Phone {},
        WebhookUrl(u8, u8),
    }
    assert_rejected(Flattened { number: 7, customer: CUSTOMER }.to("ada").into_request(), "phone");
    assert_rejected(Flattened { number: 7, customer: CUSTOMER }.broadcast().into_request(), "phone");
    assert_rejected((&Flattened { number: 7, customer: CUSTOMER }).to("ada").into_request(), "phone");
    for name in ["email", "phone", "webhookUrl"] {
        assert_rejected(FlattenedMap { number: 7, rest: rest(name) }.to("ada").into_request(), name);
        assert_rejected(untyped(json!({"a": 1, (name): "x"})), name);
        assert_rejected(untyped(BTreeMap::from([(name, "x")])), name);
        assert_rejected(untyped(Some(BTreeMap::from([(name, "x")]))), name);
        assert_rejected(untyped(RawValue::from_string(format!("{{\"a\": 1, \"{name}\": \"x\"}}")).unwrap()), name);
        assert_rejected(Broadcast::untyped("invoice", json!({(name): null})).into_request(), name);
    }
    assert_rejected(untyped(RawValue::from_string(String::from(r#"{"\u0065mail": "x"}"#)).unwrap()), "email");
    assert_rejected(Into { phone: "+49301" }.to("ada").into_request(), "phone");
    assert_rejected(untyped(CUSTOMER), "phone");
    assert_rejected(untyped(Root::Email(CUSTOMER)), "email");
    assert_rejected(untyped(Root::Phone {}), "phone");
    assert_rejected(untyped(Root::WebhookUrl(1, 2)), "webhookUrl");
}

#[tokio::test]
async fn in_a_bulk_only_the_event_with_the_address_is_rejected() {
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
fn a_declared_address_is_sent() {
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "invoice", address("phone", "webhookUrl"))]
    struct Declared {
        #[teleflow(address)]
        #[serde(rename = "email")]
        accounting: &'static str,
        #[serde(flatten)]
        customer: Customer,
    }
    #[derive(Clone, Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "invoice", address("phone"))]
    #[serde(into = "Customer")]
    struct DeclaredInto {}
    impl From<DeclaredInto> for Customer {
        fn from(_: DeclaredInto) -> Self {
            CUSTOMER
        }
    }

    let assert_sent = |request: teleflow::Result<Request>, text: &str| {
        let body = String::from_utf8(request.unwrap().body().to_vec()).unwrap();
        assert!(body.contains(text), "{body}");
    };
    let declared = Declared { accounting: "a@example.com", customer: CUSTOMER };
    let payload = r#""payload":{"email":"a@example.com","name":"Ben","phone":"+49301"}"#;
    assert_sent((&declared).to("ada").into_request(), payload);
    assert_sent(declared.broadcast().into_request(), payload);
    assert_sent(DeclaredInto {}.to("ada").into_request(), r#""payload":{"name":"Ben","phone":"+49301"}"#);
    let untyped = || Event::untyped("invoice", json!({"email": "x", "phone": "y", "webhookUrl": "z"}));
    assert_sent(untyped().address_from_payload().to("ada").into_request(), r#""webhookUrl":"z""#);
    assert_sent(untyped().to("ada").address_from_payload().into_request(), r#""email":"x""#);
    let broadcast = Broadcast::untyped("invoice", json!({"email": "x"}));
    assert_sent(broadcast.address_from_payload().into_request(), r#""email":"x""#);
}

#[test]
fn only_the_declared_addresses_are_accepted() {
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "invoice", address("email"))]
    struct Invoice {
        #[serde(flatten)]
        rest: HashMap<String, String>,
    }
    assert!(Invoice { rest: rest("email") }.to("ada").into_request().is_ok());
    assert_rejected(Invoice { rest: rest("phone") }.to("ada").into_request(), "phone");
}

#[test]
fn address_names_are_accepted_below_the_top_level_and_outside_the_payload() {
    let address = || json!({"email": "x", "phone": "y", "webhookUrl": "z"});
    let event = || Event::untyped("invoice", json!({"customer": address(), "list": [address()], "Email": 1}));
    fn assert_accepted(event: Event<teleflow::Untyped<serde_json::Value>, impl IntoRecipients>) {
        event.into_request().unwrap();
    }
    assert_accepted(event().to("ada"));
    assert_accepted(event().to(Subscriber::new("ada").data(address())));
    assert_accepted(event().to("ada").actor(Subscriber::new("ben").data(address())));
    assert_accepted(event().to("ada").tenant(Tenant::new("acme").data(address())));
    assert_accepted(event().to("ada").overrides(Overrides::new().provider("sendgrid", address())));
}
