//! Transaction ids derived from an event's data: two events have the same id only if they are the same event.

use std::collections::HashSet;
use std::fmt;

use serde::Serialize;
use teleflow::{ErrorKind, IntoRecipients, Recipients, Subscriber, TeleflowWorkflow, Tenant, Topic, bulk};

use super::id;

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{order}")]
struct OrderShipped<'a> {
    order: &'a str,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-paid", transaction_id = "order-{order}")]
struct OrderPaid<'a> {
    order: &'a str,
}

/// A template with text between its two fields.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{shop}-{order}")]
struct InShop<'a> {
    shop: &'a str,
    order: &'a str,
}

/// A template with nothing between its two fields.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{shop}{order}")]
struct Adjacent<'a> {
    shop: &'a str,
    order: &'a str,
}

fn shipped(order: &str, to: impl IntoRecipients) -> String {
    id(OrderShipped { order }.to(to).into_request())
}

fn in_shop(shop: &str, order: &str) -> String {
    id(InShop { shop, order }.to("ada").into_request())
}

fn adjacent(shop: &str, order: &str) -> String {
    id(Adjacent { shop, order }.to("ada").into_request())
}

fn assert_all_differ(ids: &[String]) {
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{ids:?}");
    assert!(ids.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'5'), "{ids:?}");
}

#[test]
fn derived_ids_are_fixed() {
    // These ids must never change: under another id the server would queue the same event again.
    assert_eq!(shipped("A-7", "ada"), "f587efc2-4b66-52d5-8802-070f5da24705");
    assert_eq!(shipped("A-7", ["ben", "ada"]), "91ef9ac2-3176-5e44-8f08-999a4a024fd2");
    let mut mixed: Recipients = ["ada"].into_iter().collect();
    mixed.push(Topic::new("staff"));
    mixed.push(Subscriber::new("ada").email("ada@example.com"));
    assert_eq!(shipped("A-7", mixed), "80b82ca3-6209-5f4e-89e5-fde300d3738b");
    assert_eq!(id(OrderShipped { order: "A-7" }.broadcast().into_request()), "a8e5e0f0-b529-5a27-b127-3845cfc2a12f");
    assert_eq!(
        id(OrderShipped { order: "A-7" }.to("ada").tenant("acme").into_request()),
        "11744b47-30dc-51df-9bda-6badf251f4c6"
    );
    assert_eq!(in_shop("a-b", "c"), "e1e42079-698a-54af-acf7-9148b80f8c8a");
    assert_eq!(adjacent("1", "23"), "8eb30b45-0e80-5729-b551-bb360276b21c");
}

#[test]
fn trigger_fields_and_recipients_change_the_id() {
    assert_eq!(shipped("A-7", ["ben", "ada", "ben"]), shipped("A-7", vec!["ada", "ben"]));
    assert_all_differ(&[
        shipped("A-7", "ada"),
        shipped("A-8", "ada"),
        shipped("A-7", "ben"),
        shipped("A-7", ["ada", "ben"]),
        shipped("A-7", Topic::new("ada")),
        shipped("A-7", "subscriber:ada"),
        shipped("A-7", "topic:ada"),
        id(OrderPaid { order: "A-7" }.to("ada").into_request()),
        id(OrderShipped { order: "A-7" }.broadcast().into_request()),
    ]);
}

#[test]
fn whitespace_around_a_subscriber_id_does_not_change_the_id() {
    let ada = shipped("A-7", "ada");
    for space in
        [" ", "\t\r\n\u{b}\u{c}", "\u{a0}", "\u{feff}", "\u{1680}", "\u{200a}\u{2028}", "\u{202f}\u{205f}\u{3000}"]
    {
        let spaced = format!("{space}ada{space}");
        assert_eq!(shipped("A-7", &*spaced), ada, "{spaced:?}");
        assert_eq!(shipped("A-7", Subscriber::new(&spaced)), ada, "{spaced:?}");
        assert_eq!(shipped("A-7", ["ada", &spaced]), ada, "{spaced:?}");
        assert!(OrderShipped { order: "A-7" }.to(space).into_request().is_err(), "{space:?}");
    }
    // JavaScript's `trim` keeps these characters, and the server does not trim topic keys and tenants.
    assert_all_differ(&[
        ada,
        shipped("A-7", "a da"),
        shipped("A-7", "\u{85}ada"),
        shipped("A-7", "\u{85}"),
        shipped("A-7", "\u{200b}ada"),
        shipped("A-7", "\u{180e}ada"),
        shipped("A-7", Topic::new("staff")),
        shipped("A-7", Topic::new(" staff")),
        id(OrderShipped { order: "A-7" }.to("ada").tenant("acme").into_request()),
        id(OrderShipped { order: "A-7" }.to("ada").tenant(" acme").into_request()),
    ]);
}

#[test]
fn each_field_counts_separately() {
    assert_all_differ(&[
        in_shop("a-b", "c"),
        in_shop("a", "b-c"),
        in_shop("a-b-c", ""),
        in_shop("", "a-b-c"),
        in_shop("a-", "c"),
        in_shop("a", "-c"),
        in_shop("afield:", "c"),
        in_shop("a", "field:c"),
        in_shop("a\0-\0", "c"),
        in_shop("a", "\0-\0c"),
        in_shop("text:-", "c"),
    ]);
    assert_all_differ(&[
        adjacent("1", "23"),
        adjacent("12", "3"),
        adjacent("123", ""),
        adjacent("", "123"),
        in_shop("1", "23"),
        shipped("123", "ada"),
    ]);
}

#[test]
fn the_tenant_changes_the_id() {
    let order = || OrderShipped { order: "A-7" }.to("ada");
    assert_all_differ(&[
        id(order().into_request()),
        id(order().tenant("acme").into_request()),
        id(order().tenant("ben").into_request()),
        // A recipient with the tenant's name is not the tenant.
        shipped("A-7", ["acme", "ada"]),
        shipped("A-7", ["ada", "tenant:acme"]),
        id(OrderShipped { order: "A-7" }.broadcast().tenant("acme").into_request()),
    ]);
    let acme = id(order().tenant("acme").into_request());
    assert_eq!(id(order().tenant(Tenant::new("acme").name("Acme Ltd")).into_request()), acme);
    assert_eq!(id(order().maybe_tenant(Some("acme")).into_request()), acme);

    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "order-shipped", transaction_id = "order-{order}")]
    struct OfTenant {
        order: &'static str,
        #[serde(skip)]
        #[teleflow(tenant)]
        shop: Option<&'static str>,
    }
    let of = |shop| OfTenant { order: "A-7", shop }.to("ada");
    assert_eq!(id(of(Some("acme")).into_request()), acme);
    assert_eq!(id(of(None).into_request()), shipped("A-7", "ada"));
    assert_eq!(id(of(Some("other")).tenant("acme").into_request()), acme);
}

#[test]
fn an_event_has_the_same_derived_id_alone_and_in_a_bulk() {
    let alone = shipped("A-7", "ada");
    let order = || OrderShipped { order: "A-7" }.to("ada");
    let in_bulk = bulk![order(), order()].into_request().unwrap();
    assert!(in_bulk.transaction_ids().all(|id| id.as_str() == alone));
    let client = teleflow::Client::new("key").unwrap();
    assert_eq!(order().send(&client).transaction_id().as_str(), alone);
    // Actor and overrides do not change the id.
    let overrides = teleflow::Overrides::new().layout("christmas");
    assert_eq!(id(order().actor("ben").overrides(overrides).into_request()), alone);
}

#[test]
fn a_template_whose_fields_are_all_blank_is_rejected() {
    for blank in ["", " ", "\t\n"] {
        for request in [
            OrderShipped { order: blank }.to("ada").into_request(),
            InShop { shop: blank, order: "" }.to("ada").into_request(),
            Adjacent { shop: "", order: blank }.broadcast().into_request(),
        ] {
            let error = request.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{blank:?}");
            assert!(error.to_string().contains("blank"), "{error}");
        }
        assert_eq!(id(OrderShipped { order: blank }.to("ada").transaction_id("mine").into_request()), "mine");
        assert_eq!(in_shop(blank, "c").len(), 36);
    }
}

#[test]
fn a_field_whose_display_fails_is_rejected() {
    #[derive(Serialize)]
    struct FailingDisplay;
    impl fmt::Display for FailingDisplay {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("A-")?;
            Err(fmt::Error)
        }
    }
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "order-shipped", transaction_id = "{order}")]
    struct Order {
        order: FailingDisplay,
    }
    let error = Order { order: FailingDisplay }.to("ada").into_request().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
    assert!(error.to_string().contains("Display"), "{error}");
}
