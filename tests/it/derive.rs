//! The requests of derived structs: names, recipients, transaction ids.

use serde::Serialize;
use serde_json::{Value, json};
use teleflow::{Request, Result, Subscriber, TeleflowWorkflow, Tenant, Topic};

/// The body of a request as JSON.
fn body(request: Result<Request>) -> Value {
    let request = request.expect("the request is valid");
    serde_json::from_slice(request.body()).expect("a body is JSON")
}

#[test]
fn the_payload_is_what_serde_writes() {
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "order \"shipped\" \u{df}")]
    #[serde(rename_all = "camelCase", tag = "kind")]
    struct OrderShipped<'a, T> {
        order_id: &'a str,
        r#type: T,
        #[serde(rename = "by")]
        carrier: Option<&'a str>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        parcels: Vec<u8>,
        #[serde(flatten)]
        rest: Rest,
        #[teleflow(address)]
        email: &'a str,
        #[serde(skip)]
        _secret: u8,
    }

    #[derive(Serialize)]
    struct Rest {
        weight: f64,
    }

    let shipped = OrderShipped {
        order_id: "A-7",
        r#type: 7,
        carrier: None,
        parcels: Vec::new(),
        rest: Rest { weight: 0.5 },
        email: "desk@example.com",
        _secret: 1,
    };
    let body = body(shipped.to("ada").into_request());
    assert_eq!(body["name"], "order \"shipped\" ß");
    assert_eq!(
        body["payload"],
        json!({
            "kind": "OrderShipped", "orderId": "A-7", "type": 7, "by": null, "weight": 0.5,
            "email": "desk@example.com",
        })
    );
}

#[test]
fn a_struct_without_fields_is_an_empty_object() {
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "ping")]
    struct Ping {}

    assert_eq!(body(Ping {}.to("ada").into_request())["payload"], json!({}));
}

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-added")]
struct CommentAdded {
    #[teleflow(to)]
    readers: Vec<String>,
    #[serde(skip)]
    #[teleflow(actor)]
    author: Option<Subscriber>,
    #[teleflow(tenant)]
    shop: Option<&'static str>,
}

#[test]
fn marked_fields_are_used_and_stay_in_the_payload() {
    let comment = CommentAdded {
        readers: vec!["ada".to_owned(), "bob".to_owned()],
        author: Some(Subscriber::new("eve").first_name("Eve")),
        shop: Some("hats"),
    };
    let body = body(comment.clone().to(&comment.readers).into_request());
    assert_eq!(body["to"], json!(["ada", "bob"]));
    assert_eq!(body["actor"], json!({"subscriberId": "eve", "firstName": "Eve"}));
    assert_eq!(body["tenant"], json!({"identifier": "hats"}));
    assert_eq!(body["payload"], json!({"readers": ["ada", "bob"], "shop": "hats"}));
}

#[test]
fn an_actor_or_tenant_of_none_is_not_sent() {
    let body = body(CommentAdded { readers: vec![], author: None, shop: None }.to("ada").into_request());
    assert_eq!((body.get("actor"), body.get("tenant")), (None, None));
}

#[test]
fn setters_win_over_fields() {
    let comment =
        CommentAdded { readers: vec!["ada".to_owned()], author: Some(Subscriber::new("eve")), shop: Some("hats") };
    let event = comment.to(Topic::new("staff")).actor("mallory").tenant(Tenant::new("shoes"));
    let body = body(event.into_request());
    assert_eq!(body["to"], json!({"type": "Topic", "topicKey": "staff"}));
    assert_eq!(body["actor"], json!({"subscriberId": "mallory"}));
    assert_eq!(body["tenant"], json!({"identifier": "shoes"}));
}

mod transaction_id {
    //! Transaction ids are derived from the pieces of the template.

    use super::{Serialize, TeleflowWorkflow, body};

    fn id<W: TeleflowWorkflow>(workflow: W) -> String {
        let body = body(workflow.to("ada").into_request());
        body["transactionId"].as_str().expect("an event has an id").to_owned()
    }

    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "t", transaction_id = "{left}{{{right}}} \"{left}\"")]
    struct Escaped {
        left: u8,
        #[serde(skip)]
        right: &'static str,
    }

    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "t", transaction_id = "{type}")]
    #[serde(rename_all = "UPPERCASE")]
    struct Plain<T> {
        r#type: T,
    }

    #[test]
    fn is_derived_from_texts_and_fields_in_order() {
        let pieces = ["field:7", "text:{", "field:}", "text:} \"", "field:7", "text:\"", "trigger:t", "subscriber:ada"];
        let root = uuid::Uuid::from_u128(0x6f1c_35d8_9a0e_4c62_b7d4_52e8_0f3b_91ac);
        let expected = pieces.iter().fold(root, |id, piece| uuid::Uuid::new_v5(&id, piece.as_bytes()));
        assert_eq!(id(Escaped { left: 7, right: "}" }), expected.to_string());
        assert_ne!(id(Escaped { left: 7, right: "}" }), id(Plain { r#type: "7{}} \"7\"" }));
        assert_eq!(id(Plain { r#type: "7" }), id(Plain { r#type: 7 }));
        assert_ne!(id(Plain { r#type: 7 }), id(Plain { r#type: 8 }));
    }

    #[test]
    fn is_random_without_a_template() {
        #[derive(Serialize, TeleflowWorkflow)]
        #[teleflow(trigger = "t")]
        struct Without {}

        assert_ne!(id(Without {}), id(Without {}));
    }
}

/// The example in the derive's documentation.
#[allow(dead_code)]
#[path = "../../teleflow-macros/docs/every_key.rs"]
mod every_key;

#[deny(clippy::pedantic, clippy::nursery, missing_docs)]
mod pedantic {
    //! Generated code passes clippy's lints.

    use super::{Serialize, TeleflowWorkflow};

    /// A struct with every key of a field.
    #[derive(Debug, Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "order-shipped", transaction_id = "{id}-{type}")]
    pub struct OrderShipped<'a, T> {
        /// Which order.
        pub id: u64,
        /// For the carrier.
        #[teleflow(sensitive)]
        pub code: u16,
        /// The kind of order.
        pub r#type: T,
        /// Who waits for it.
        #[teleflow(to)]
        pub customer: Vec<String>,
        /// Who made it.
        #[teleflow(actor)]
        pub merchant: Option<&'a str>,
        /// Where it was made.
        #[teleflow(tenant)]
        pub shop: &'a str,
    }

    #[test]
    fn marked_fields_of_a_reference_are_used() {
        let customer = vec!["ada".to_owned()];
        let shipped = OrderShipped { id: 7, code: 4711, r#type: "gift", customer, merchant: Some("bob"), shop: "hats" };
        let body = super::body((&shipped).to("eve").into_request());
        assert_eq!(body["actor"]["subscriberId"], "bob");
        assert_eq!(body["tenant"]["identifier"], "hats");
    }
}
