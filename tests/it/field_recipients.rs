//! Events whose recipients are in a field marked `#[teleflow(to)]`.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};
use teleflow::{
    Bulk, Client, ErrorKind, Event, FieldRecipients, Overrides, Recipients, Request, Result, Subscriber, SubscriberId,
    TeleflowWorkflow, Topic, bulk,
};
use teleflow_emulator::{Emulator, Workflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice", transaction_id = "invoice-{number}")]
struct Invoice {
    number: u32,
    #[teleflow(to)]
    #[serde(skip)]
    customer: String,
    #[teleflow(actor)]
    #[serde(skip)]
    merchant: Option<&'static str>,
}

fn invoice(number: u32) -> Invoice {
    Invoice { number, customer: format!("customer-{number}"), merchant: None }
}

fn json_of(request: Result<Request>) -> Value {
    let request = request.expect("the request is valid");
    serde_json::from_slice(request.body()).expect("a body is JSON")
}

fn emulator() -> (Emulator, Client) {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("invoice"));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    (emulator, client)
}

#[test]
fn the_event_of_a_struct_is_the_same_as_with_its_field_as_recipient() {
    let by_name = invoice(7).to("customer-7").into_request().unwrap();
    assert_eq!(invoice(7).event().into_request().unwrap().body(), by_name.body());
    assert_eq!((&invoice(7)).event().into_request().unwrap().body(), by_name.body());
}

#[test]
fn each_type_of_recipient_is_sent_as_without_the_field() {
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "welcome", transaction_id = "{n}")]
    struct Welcome<R> {
        n: u8,
        #[teleflow(to)]
        #[serde(skip)]
        to: R,
    }
    macro_rules! assert_same {
        ($($to:expr),* $(,)?) => {$(
            let by_field = Welcome { n: 1, to: $to }.event().into_request().unwrap();
            let by_name = Welcome { n: 1, to: $to }.to($to).into_request().unwrap();
            assert_eq!(by_field.body(), by_name.body());
        )*};
    }
    let ada = Subscriber::new("ada").email("ada@example.com");
    let mixed: Recipients = [Topic::new("staff")].into_iter().collect();
    assert_same!(
        "ada",
        "ada".to_owned(),
        Cow::Borrowed("ada"),
        SubscriberId::from("ada"),
        ada.clone(),
        &ada,
        Topic::new("staff"),
        vec!["ada", "ben"],
        vec![ada.clone()],
        ["ada", "ben"],
        mixed.clone(),
    );
}

#[test]
fn setters_add_to_the_event() {
    let marked = || Invoice { merchant: Some("merchant-7"), ..invoice(7) };
    let overrides = Overrides::new().layout("plain");
    let event = marked().event().tenant("hats").overrides(overrides).transaction_id("t-1");
    assert_eq!(
        json_of(event.into_request()),
        json!({
            "name": "invoice",
            "to": "customer-7",
            "payload": {"number": 7},
            "overrides": {"layoutIdentifier": "plain"},
            "actor": {"subscriberId": "merchant-7"},
            "tenant": {"identifier": "hats"},
            "transactionId": "t-1",
        }),
    );
    let replaced = marked().event().actor("eve").into_request();
    assert_eq!(json_of(replaced)["actor"], json!({"subscriberId": "eve"}));
}

#[test]
fn a_bulk_takes_events_of_structs() {
    let invoices = [invoice(1), invoice(2), invoice(3)];
    let expected: Bulk = invoices.iter().map(|invoice| invoice.to(&invoice.customer)).collect();
    let expected = expected.into_request().unwrap();
    let assert_same = |bulk: Bulk| assert_eq!(bulk.into_request().unwrap().body(), expected.body());

    assert_same(invoices.iter().map(TeleflowWorkflow::event).collect());
    assert_same(invoices.iter().map(|invoice| invoice.event()).collect());

    let [first, second, third] = &invoices;
    let mut pushed = bulk![first.event(), second.to("customer-2")];
    pushed.push(third.event());
    assert_same(pushed);

    assert_same(invoices.into_iter().map(TeleflowWorkflow::event).collect());
}

#[test]
fn a_function_can_name_the_type_of_the_event() {
    fn due(number: u32) -> Event<Invoice, FieldRecipients> {
        invoice(number).event()
    }

    let events: Vec<Event<Invoice, FieldRecipients>> = (1..3).map(due).collect();
    assert_eq!(events.into_iter().collect::<Bulk>().len(), 2);
}

#[test]
fn a_generic_function_requires_the_field() {
    fn of_all<W: TeleflowWorkflow + teleflow::derive::HasRecipientField>(workflows: Vec<W>) -> Bulk {
        workflows.into_iter().map(TeleflowWorkflow::event).collect()
    }

    assert_eq!(of_all(vec![invoice(1), invoice(2)]).len(), 2);
}

#[test]
fn an_empty_field_is_invalid() {
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "welcome")]
    struct Welcome {
        #[teleflow(to)]
        to: Vec<String>,
    }

    let error = Welcome { to: vec![] }.event().into_request().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("list of recipients is empty"), "{error}");
}

#[tokio::test]
async fn in_a_bulk_only_the_struct_with_an_invalid_recipient_is_rejected() {
    let (emulator, client) = emulator();
    let invoices = [invoice(1), Invoice { customer: " ".to_owned(), ..invoice(2) }, invoice(3)];
    let report = invoices.iter().map(TeleflowWorkflow::event).collect::<Bulk>().send(&client).await;
    let rejected: Vec<_> = report.errors().map(|(position, error)| (position, error.kind())).collect();
    assert_eq!(rejected, [(1, ErrorKind::Invalid)]);
    assert_eq!(emulator.jobs().len(), 2);
}

#[tokio::test]
async fn a_sent_event_and_a_sent_request_arrive() {
    let (emulator, client) = emulator();
    invoice(1).send(&client).await.unwrap();
    invoice(2).event().actor("merchant-7").send(&client).await.unwrap();
    client.send(invoice(3).event().into_request().unwrap()).await.into_result().unwrap();
    let numbers: Vec<Value> = emulator.jobs().iter().map(|job| job.payload()["number"].clone()).collect();
    assert_eq!(numbers, [1, 2, 3]);
}
