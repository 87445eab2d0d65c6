//! A tour of the client: sends each kind of request over HTTP to an emulator, and prints requests and responses.
//!
//! ```sh
//! cargo run --example quickstart
//! ```
//!
//! This needs no account and ignores the environment. To send one event to the real service, set `TELEFLOW_API_KEY`:
//!
//! ```sh
//! cargo run --example quickstart -- --live SUBSCRIBER TRIGGER
//! ```

use std::error::Error;
use std::time::Duration;

use serde::Serialize;
use teleflow::{
    Broadcast, Client, Event, Recipients, Request, Subscriber, TeleflowWorkflow, Topic, TransactionId, bulk,
};
use teleflow_emulator::{Emulator, Kind, Workflow};

#[derive(Clone, Copy, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped<'a> {
    order_id: &'a str,
    carrier: &'a str,
}

/// A workflow with a delay.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "review-reminder", transaction_id = "review-{order_id}")]
struct ReviewReminder<'a> {
    order_id: &'a str,
}

/// A workflow that is not active.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "summer-sale")]
struct SummerSale {}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        [] => tour().await,
        ["--live", subscriber, trigger] => live(subscriber, trigger).await,
        _ => Err("usage: quickstart [--live SUBSCRIBER TRIGGER]".into()),
    }
}

/// Sends one event to one subscriber through the real service.
async fn live(subscriber: &str, trigger: &str) -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let request = Event::untyped(trigger, serde_json::json!({})).to(subscriber).into_request()?;
    exchange(&client, "one event through the real service", request).await?;
    Ok(())
}

async fn tour() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::new();
    emulator
        .workflow(Workflow::new("order-shipped").required("order_id", Kind::String))
        .workflow(Workflow::new("review-reminder").delay(Duration::from_secs(60 * 60)))
        .workflow(Workflow::new("summer-sale").inactive())
        .topic("staff", ["ada", "grace"]);
    let server = emulator.serve("127.0.0.1:0").await?;
    let client = Client::builder().api_key("test-key").base_url(server.url()).build()?;
    println!("The emulator listens on {}.", server.url());

    let order = OrderShipped { order_id: "A-7", carrier: "UPS" };
    exchange(&client, "to a subscriber id", order.to("ada").into_request()?).await?;

    let grace = Subscriber::new("grace").email("grace@example.com").first_name("Grace");
    exchange(&client, "to a subscriber with its data", order.to(&grace).actor("merchant-7").into_request()?).await?;

    exchange(&client, "to a topic", order.to(Topic::new("staff")).into_request()?).await?;

    let mut recipients: Recipients = ["ada", "ben"].into_iter().collect();
    recipients.push(grace);
    recipients.push(Topic::new("staff"));
    exchange(&client, "to a mixed list", order.to(recipients).into_request()?).await?;

    let bulk = bulk![
        order.to("ada"),
        Event::untyped("no-such-workflow", serde_json::json!({})).to("ada"),
        ReviewReminder { order_id: "A-7" }.to("ben"),
    ];
    exchange(&client, "a bulk with several workflows, one of which does not exist", bulk.into_request()?).await?;

    let sale = Broadcast::untyped("order-shipped", serde_json::json!({"order_id": "all"}));
    exchange(&client, "a broadcast to all subscribers", sale.into_request()?).await?;

    let reminder = ReviewReminder { order_id: "A-8" }.to("ada").into_request()?;
    let id = exchange(&client, "an event with a delay", reminder).await?.ok_or("the event has no transaction id")?;
    emulator.run_worker();
    println!("\nits cancellation\n   → DELETE /v1/events/trigger/{id}\n   ← {:?}", client.cancel(&id).await?);

    exchange(&client, "a 201 for an event that the server drops", SummerSale {}.to("ada").into_request()?).await?;

    // To send an event, one line is enough:
    let receipt = order.to("ada").send(&client).await?;
    println!("\nsent in one line\n   ← queued as {}", receipt.transaction_id());
    Ok(())
}

/// Sends a request, and prints the request and the results. Returns the transaction id of the first event.
async fn exchange(client: &Client, title: &str, request: Request) -> Result<Option<TransactionId>, Box<dyn Error>> {
    println!("\n{title}");
    println!("   → {} {}", request.method(), request.path());
    println!("     {}", String::from_utf8_lossy(request.body()));
    let id = request.transaction_ids().next().cloned();
    for result in client.send(request).await {
        match result {
            Ok(receipt) => {
                println!("   ← {} {}, {}", receipt.http_status(), receipt.status(), receipt.transaction_id());
            }
            Err(error) => println!("   ← {:?}, {:?}: {error}", error.kind(), error.fate()),
        }
    }
    Ok(id)
}
