//! The method, path and JSON body of each kind of request, compared with `tests/wire/*.json`.
//!
//! After an intended change, run `TELEFLOW_WIRE=overwrite cargo test -p teleflow-tests --test it request_bodies` and read
//! the difference.

use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};
use teleflow::{
    Attachment, Broadcast, Channel, DeliverAt, EmailOverrides, Event, Overrides, Recipients, Request, SmsOverrides,
    Subscriber, Tenant, Topic, Untyped, bulk,
};

fn welcome() -> Untyped<Value> {
    Event::untyped("welcome", json!({}))
}

fn full_subscriber() -> Subscriber {
    Subscriber::new("ada")
        .email("ada@example.com")
        .phone("+4930123456")
        .first_name("Ada")
        .last_name("Lovelace")
        .avatar("https://example.com/ada.png")
        .locale("en-GB")
        .data(json!({"plan": "gold", "seats": 3}))
}

/// Compares a request with the file of this name.
fn assert_matches_file(name: &str, request: teleflow::Result<Request>) {
    let request = request.unwrap();
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    let actual = json!({"method": request.method(), "path": request.path(), "body": body});
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("wire").join(format!("{name}.json"));
    if std::env::var_os("TELEFLOW_WIRE").is_some_and(|what| what == "overwrite") {
        std::fs::write(&path, serde_json::to_string_pretty(&actual).unwrap() + "\n").unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(actual, serde_json::from_str::<Value>(&text).unwrap(), "{}", path.display());
}

#[test]
fn one_recipient_is_sent_as_a_value_and_a_list_as_an_array() {
    assert_matches_file("to_an_id", welcome().to("ada").transaction_id("t").into_request());
    assert_matches_file("to_a_subscriber", welcome().to(full_subscriber()).transaction_id("t").into_request());
    assert_matches_file("to_a_topic", welcome().to(Topic::new("staff")).transaction_id("t").into_request());
    assert_matches_file("to_a_list_of_one", welcome().to(["ada"]).transaction_id("t").into_request());
    let mut mixed: Recipients = ["ada"].into_iter().collect();
    mixed.push(Subscriber::new("ben").email("ben@example.com"));
    mixed.push(Topic::new("staff"));
    assert_matches_file("to_a_mixed_list", welcome().to(mixed).transaction_id("t").into_request());
}

#[test]
fn actor_and_tenant_are_sent_as_objects() {
    let event = welcome().to("ada").actor("ben").tenant("acme").transaction_id("t");
    assert_matches_file("actor_and_tenant_by_id", event.into_request());
    let acme = Tenant::new("acme").name("Acme Ltd").data(json!({"plan": "gold"}));
    assert_matches_file(
        "actor_and_tenant_in_full",
        welcome().to("x").actor(full_subscriber()).tenant(acme).transaction_id("t").into_request(),
    );
    let none: Option<&str> = None;
    let event = welcome().to("ada").actor("ben").maybe_actor(none).maybe_tenant(Some("acme")).transaction_id("t");
    assert_matches_file("actor_and_tenant_by_id", event.into_request());
}

#[test]
fn overrides_have_the_names_and_units_that_the_server_reads() {
    let email = EmailOverrides::new()
        .to(["archive@example.com"])
        .cc(["cc@example.com"])
        .bcc(["bcc@example.com"])
        .from("shop@example.com")
        .sender_name("The shop")
        .reply_to("help@example.com")
        .subject("Shipped")
        .text("text")
        .html("<p>html</p>")
        .ip_pool_name("pool")
        .integration_identifier("sendgrid-1")
        .header("X-Order", "A-7")
        .custom_data(json!({"a": 1}));
    let sms = SmsOverrides::new()
        .to("+491")
        .from("Acme")
        .content("text")
        .integration_identifier("twilio-1")
        .custom_data(json!({"b": 2}));
    let overrides = Overrides::new()
        .email(email)
        .sms(sms)
        .layout("christmas")
        .delay(Duration::from_millis(90_500))
        .provider("fcm", json!({"type": "data"}));
    assert_matches_file("overrides", welcome().to("ada").overrides(overrides).transaction_id("t").into_request());
}

#[test]
fn deliver_at_and_attachments_have_the_format_that_the_server_reads() {
    let deliver_at = DeliverAt::try_from(UNIX_EPOCH + Duration::from_micros(1_700_000_000_042_999)).unwrap();
    let attachments = [
        Attachment::new("a.txt", "text/plain", "hello, world"),
        Attachment::new("logo.png", "image/png", [0x89, 0x50, 0x4e, 0x47, 0xff])
            .channels([Channel::Email, Channel::InApp]),
    ];
    let payload = json!({"sendAt": deliver_at, "attachments": attachments});
    assert_matches_file(
        "moment_and_files",
        Event::untyped("invoice", payload).to("ada").transaction_id("t").into_request(),
    );
}

#[test]
fn a_broadcast_has_no_recipients_and_a_bulk_has_events() {
    let broadcast = Broadcast::untyped("welcome", json!({})).actor("ben").tenant("acme").transaction_id("t");
    assert_matches_file("broadcast", broadcast.into_request());
    let bulk = bulk![
        welcome().to("ada").transaction_id("t-1"),
        welcome().to(["ben", "eve"]).actor("ada").transaction_id("t-2")
    ];
    assert_matches_file("bulk", bulk.into_request());
}

#[test]
fn a_field_that_borrows_its_recipient_addresses_the_event() {
    #[derive(serde::Serialize, teleflow::TeleflowWorkflow)]
    #[teleflow(trigger = "welcome", transaction_id = "{n}")]
    struct Welcome<'a> {
        n: u8,
        #[teleflow(to)]
        #[serde(skip)]
        to: &'a Subscriber,
    }

    let body = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    struct KeepBody(std::sync::Arc<std::sync::Mutex<String>>);
    impl teleflow::transport::Transport for KeepBody {
        fn attempt<'a>(&'a self, request: &'a Request) -> teleflow::transport::TransportFuture<'a> {
            *self.0.lock().unwrap() = String::from_utf8(request.body().to_vec()).unwrap();
            Box::pin(async { Err(teleflow::transport::TransportError::connect("not sent")) })
        }
    }
    let client = teleflow::Client::builder()
        .transport(KeepBody(body.clone()))
        .retry(teleflow::RetryPolicy::none())
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let welcome = Welcome { n: 1, to: &full_subscriber() };
    runtime.block_on(teleflow::TeleflowWorkflow::send(welcome, &client)).unwrap_err();
    assert!(body.lock().unwrap().contains(r#""to":{"subscriberId":"ada","email":"ada@example.com""#));
}

#[test]
fn the_payload_has_the_bytes_that_serde_json_serializes() {
    let request = Event::untyped("welcome", json!({"b": 1.5, "a": [null, "\u{e9}\n"]})).to("ada").transaction_id("t");
    let request = request.into_request().unwrap();
    let payload = json!({"b": 1.5, "a": [null, "\u{e9}\n"]}).to_string();
    let expected = format!(r#"{{"name":"welcome","to":"ada","payload":{payload},"transactionId":"t"}}"#);
    assert_eq!(request.body(), expected.as_bytes());
}
