//! What people write today: reqwest and `json!`, without ids, keys or a check of the result.

use serde_json::{Value, json};

use super::Sent;
use crate::order::{API_KEY, Order, SUBSCRIBER, TRIGGER};

pub(crate) struct Client {
    client: reqwest::Client,
    base: String,
}

impl Client {
    pub(super) fn new(base: &str) -> Self {
        Self { client: reqwest::Client::new(), base: base.to_owned() }
    }

    async fn post(&self, path: &str, body: &Value) -> Sent {
        let url = format!("{}{path}", self.base);
        let request = self.client.post(url).header("Authorization", format!("ApiKey {API_KEY}")).json(body);
        let _: Value = request.send().await?.error_for_status()?.json().await?;
        Ok(())
    }

    pub(super) async fn single(&self, order: &Order) -> Sent {
        self.post("/v1/events/trigger", &event(order)).await
    }

    pub(super) async fn bulk(&self, orders: &[Order]) -> Sent {
        let events: Vec<Value> = orders.iter().map(event).collect();
        self.post("/v1/events/trigger/bulk", &json!({ "events": events })).await
    }
}

fn event(order: &Order) -> Value {
    let items: Vec<Value> =
        order.items.iter().map(|item| json!({ "sku": item.sku, "qty": item.qty, "price": item.price })).collect();
    json!({
        "name": TRIGGER,
        "to": SUBSCRIBER,
        "payload": {
            "order_id": order.order_id,
            "carrier": order.carrier,
            "items": items,
            "total": order.total,
        },
    })
}
