//! Requests on their way into a queue and out of it.

use serde_json::json;
use teleflow::{Event, Request};
use teleflow_outbox::{Relay, Store, postgres, sqlite};

use crate::shop::{Kind, Shop, ShopDatabase, event, on_each_store, request};

on_each_store! {
    names_that_are_not_valid_are_refused
    a_name_with_forty_characters_works
    queues_of_one_database_are_separate
    a_body_comes_back_as_the_same_bytes
    a_body_of_20_mib_comes_back_as_the_same_bytes
    a_message_is_not_shown
}

impl Shop {
    async fn open(&self, queue: &str) -> teleflow_outbox::Result<Store> {
        match &self.database {
            ShopDatabase::Sqlite { file, .. } => sqlite::store(file, queue).await,
            ShopDatabase::Postgres { database, .. } => {
                postgres::install(database.config.clone(), queue).await?;
                postgres::store(database.config.clone(), queue).await
            }
        }
    }

    /// Puts a request into a queue and returns what a relay reads of it. The server refuses it, so it is dead.
    async fn store_and_read(&self, request: &Request) -> Request {
        let relay = self.relay().await;
        self.emulator.faults().next(teleflow_emulator::Fault::Reply(crate::shop::refused()));
        self.put(request).await;
        relay.once().await.unwrap();
        let dead = relay.dead().await.unwrap();
        dead[0].request().unwrap().clone()
    }
}

async fn names_that_are_not_valid_are_refused(kind: Kind) {
    let shop = Shop::new(kind).await;
    let long = "q".repeat(41);
    let names =
        ["", "a b", "a'b", "a\"b", "a''; drop table orders; --", "a;b", "a.b", "A", "käse", "a\nb", "a\0", "shop_dead"];
    for name in names.into_iter().chain([&*long]) {
        let put = kind.outbox(name).put(&request("t")).unwrap_err().to_string();
        let opened = shop.open(name).await.unwrap_err().to_string();
        let store = match &shop.database {
            ShopDatabase::Sqlite { .. } => opened.clone(),
            ShopDatabase::Postgres { database, .. } => {
                postgres::store(database.config.clone(), name).await.unwrap_err().to_string()
            }
        };
        for error in [put, opened, store] {
            assert!(error.contains("is not a valid queue name; use 1 to 40 characters"), "{error}");
            assert!(!error.contains(['\n', '\0']), "{error}");
        }
    }
}

async fn a_name_with_forty_characters_works(kind: Kind) {
    let shop = Shop::new(kind).await;
    let name = "q".repeat(40);
    let store = shop.open(&name).await.unwrap();
    shop.execute_put(&kind.outbox(&name).put(&request("t-1")).unwrap()).await;
    shop.emulator.faults().next(teleflow_emulator::Fault::Reply(crate::shop::refused()));
    let relay = Relay::builder(shop.client(), store).build().unwrap();
    relay.once().await.unwrap();
    assert!(relay.redrive(relay.dead().await.unwrap()[0].id()).await.unwrap());
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["t-1"]);
}

async fn queues_of_one_database_are_separate(kind: Kind) {
    let shop = Shop::new(kind).await;
    let other = shop.open("other").await.unwrap();
    shop.execute_put(&kind.outbox("other").put(&request("t-1")).unwrap()).await;
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().queued, 0);
    assert_eq!(shop.notified(), [""; 0]);
    Relay::builder(shop.client(), other).build().unwrap().once().await.unwrap();
    assert_eq!(shop.notified(), ["t-1"]);
}

async fn a_body_comes_back_as_the_same_bytes(kind: Kind) {
    // `jsonb` sorts the keys of an object, and normalizes its numbers and escapes.
    let payload = json!({
        "zebra": 1, "ä": "käse 🧀 \u{2028}", "aa": "\0 \\u0000 \" \\ / \u{7f} \u{e000}", "b": 1.5e300, "a": [1e2, -0.0, ""],
        "long": "x".repeat(100_000),
    });
    let request = Event::untyped("welcome", payload).to("ada").transaction_id("t-1").into_request().unwrap();
    let shop = Shop::new(kind).await;
    let read = shop.store_and_read(&request).await;
    assert_eq!(read.body(), request.body());
    assert_eq!(read, request);
}

async fn a_body_of_20_mib_comes_back_as_the_same_bytes(kind: Kind) {
    // Near the server's limit of 20 MiB for a body.
    let payload = json!({"text": "ä\n".repeat(5 << 20)});
    let request = Event::untyped("welcome", payload).to("ada").transaction_id("t-1").into_request().unwrap();
    assert!(request.body().len() > 19 << 20, "{}", request.body().len());
    let shop = Shop::new(kind).await;
    let read = shop.store_and_read(&request).await;
    assert!(read.body() == request.body());
}

async fn a_message_is_not_shown(kind: Kind) {
    let put = kind.outbox("teleflow").put(&event("t-1").into_request().unwrap()).unwrap();
    assert!(put.message().contains("gold") && put.message().contains("ada"));
    let shown = format!("{put:?}");
    assert!(!shown.contains("gold") && !shown.contains("ada"), "{shown}");
}
