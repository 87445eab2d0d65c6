//! Checks payloads against their workflows at compile time.
//!
//! ```sh
//! cargo run --example checked
//! ```
//!
//! The emulator serves the workflows in `workflows.json`. The catalog in `.teleflow/` was written by `cargo teleflow
//! pull`. Change the name or the type of a field, or remove `.actor(..)`, to see the compile error.
//! To update the catalog, run these commands in the root of the repository:
//!
//! ```sh
//! cargo run -p teleflow-emulator --features serve -- --port 3000 --seeds examples/checked/workflows.json &
//! TELEFLOW_API_KEY=example-key cargo run -p cargo-teleflow -- \
//!     teleflow pull --api-url http://127.0.0.1:3000 --catalog examples/checked/.teleflow
//! ```

use std::error::Error;
use std::time::Duration;

use serde::Serialize;
use teleflow::{Client, DeliverAt, TeleflowPayload, TeleflowWorkflow, Tenant};
use teleflow_emulator::{Emulator, Seeds};

/// The workflow requires `carrier` and `order.id`. It only renders the other variables, so `note` can be omitted.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", omit("note"))]
struct OrderShipped<'a> {
    order: Order,
    carrier: &'a str,
    items: Vec<Item<'a>>,
    gift: bool,
}

#[derive(Serialize, TeleflowPayload)]
struct Order {
    id: u64,
}

#[derive(Serialize, TeleflowPayload)]
struct Item<'a> {
    sku: &'a str,
    quantity: u32,
}

/// The workflow shows who replied, so it requires an actor: without one, `send` does not compile.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply")]
struct CommentReply {
    comment: String,
}

/// The workflow has a delay until a date in the payload, and its email contains the tenant.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "review-reminder")]
#[serde(rename_all = "camelCase")]
struct ReviewReminder<'a> {
    product: &'a str,
    remind_at: DeliverAt,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::from_seeds(Seeds::from_json(include_str!("workflows.json"))?);
    emulator.tenant("hats");
    let server = emulator.serve("127.0.0.1:0").await?;
    let client = Client::builder().api_key("example-key").base_url(server.url()).build()?;

    let items = vec![Item { sku: "HAT-1", quantity: 2 }];
    let shipped = OrderShipped { order: Order { id: 7 }, carrier: "UPS", items, gift: true };
    shipped.to("ada").send(&client).await?;

    CommentReply { comment: "Nice hat!".to_owned() }.to("ada").actor("ben").send(&client).await?;

    let remind_at = DeliverAt::after(Duration::from_secs(7 * 86_400))?;
    ReviewReminder { product: "a hat", remind_at }.to("ada").tenant(Tenant::new("hats")).send(&client).await?;

    for job in emulator.jobs() {
        println!("queued: {}", serde_json::to_string(job.payload())?);
    }
    Ok(())
}
