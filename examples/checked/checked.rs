//! Payloads that are held against their workflows while they compile.
//!
//! ```sh
//! cargo run --example checked
//! ```
//!
//! The workflows are in `workflows.json`, which the emulator serves here; `.teleflow/` has what `cargo teleflow pull`
//! made of them. Change a field's name or type below, or leave `.actor(..)` out, and see what the compiler says.
//! To write the catalog anew, from the top of the repository:
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

/// Two variables are required, the carrier and the order's id; the others are only rendered. Nobody writes notes.
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

/// Its in-app step shows who replied: without an actor, `send` does not compile.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply")]
struct CommentReply {
    comment: String,
}

/// Its delay ends at a moment in the payload, and its e-mail names the tenant.
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
