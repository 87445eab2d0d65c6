//! A web shop whose handler sends a notification.
//!
//! ```sh
//! cargo run --example axum-shop            # serves on http://127.0.0.1:3000
//! cargo run --example axum-shop -- --once  # places one order and exits
//! ```
//!
//! The client sends to an emulator. Replace it with `Client::from_env()?` to send to the real service.

use std::error::Error;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use teleflow::{Client, Fate, TeleflowWorkflow};
use teleflow_emulator::{Emulator, Workflow};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The event of an order. Its transaction id is derived from the order id, so it is safe to send the event again.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-placed", transaction_id = "order-{order_id}")]
struct OrderPlaced<'a> {
    order_id: &'a str,
    articles: usize,
    #[teleflow(to)]
    #[serde(skip)]
    customer: &'a str,
}

#[derive(Deserialize)]
struct Order {
    id: String,
    customer: String,
    articles: Vec<String>,
}

async fn place_order(State(client): State<Client>, Json(order): Json<Order>) -> (StatusCode, String) {
    let event = OrderPlaced { order_id: &order.id, articles: order.articles.len(), customer: &order.customer };
    match event.send(&client).await {
        Ok(receipt) => (StatusCode::CREATED, format!("ordered; notification {}\n", receipt.transaction_id())),
        // The order is valid even if its notification fails.
        Err(error) => {
            eprintln!("failed to send the notification of order {}: {error}", order.id);
            let outcome = if error.fate() == Fate::NotQueued { "was not sent" } else { "may have been sent" };
            (StatusCode::CREATED, format!("ordered; the notification {outcome}\n"))
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let once = std::env::args().any(|argument| argument == "--once");
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order-placed"));
    let client = Client::builder().transport(emulator.clone()).build()?;

    let listener = TcpListener::bind(if once { "127.0.0.1:0" } else { "127.0.0.1:3000" }).await?;
    let address = listener.local_addr()?;
    let shop = Router::new().route("/orders", post(place_order)).with_state(client);
    let server = tokio::spawn(async move { axum::serve(listener, shop).await });
    println!("The shop listens on http://{address}/orders.");

    if once {
        let order = r#"{"id": "A-7", "customer": "ada", "articles": ["tea", "pot"]}"#;
        println!("{}", post_json(address, "/orders", order).await?);
        println!("Events in the queue of the emulator: {}", emulator.jobs().len());
        server.abort();
        return Ok(());
    }
    println!(
        r#"Try: curl -d '{{"id":"A-7","customer":"ada","articles":[]}}' -H 'content-type: application/json' http://{address}/orders"#
    );
    Ok(server.await??)
}

/// Sends one HTTP request and returns the response as text.
async fn post_json(address: std::net::SocketAddr, path: &str, json: &str) -> Result<String, Box<dyn Error>> {
    let mut connection = TcpStream::connect(address).await?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        json.len()
    );
    connection.write_all(format!("{head}{json}").as_bytes()).await?;
    let mut response = String::new();
    connection.read_to_string(&mut response).await?;
    Ok(response)
}
