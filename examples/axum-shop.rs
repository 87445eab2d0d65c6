//! A web shop whose handler sends a notification.
//!
//! ```sh
//! cargo run --example axum-shop            # serves on http://127.0.0.1:3000 until it is stopped
//! cargo run --example axum-shop -- --once  # places one order with itself and ends
//! ```
//!
//! It sends to an emulator. With `Client::from_env()` in its place it would send for real.

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

/// The derived transaction id makes it safe to send the same order's event again.
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
        // The order stands whatever becomes of its notification.
        Err(error) => {
            eprintln!("no notification of order {}: {error}", order.id);
            let again = if error.fate() == Fate::NotQueued { "will be sent later" } else { "may have been sent" };
            (StatusCode::CREATED, format!("ordered; the notification {again}\n"))
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
    println!("The shop is open at http://{address}/orders.");

    if once {
        let order = r#"{"id": "A-7", "customer": "ada", "articles": ["tea", "pot"]}"#;
        println!("{}", post_json(address, "/orders", order).await?);
        println!("The emulator has queued {} event.", emulator.jobs().len());
        server.abort();
        return Ok(());
    }
    println!(
        r#"Try: curl -d '{{"id":"A-7","customer":"ada","articles":[]}}' -H 'content-type: application/json' http://{address}/orders"#
    );
    Ok(server.await??)
}

/// As plain as HTTP can be: one request, one answer, connection closed.
async fn post_json(address: std::net::SocketAddr, path: &str, json: &str) -> Result<String, Box<dyn Error>> {
    let mut connection = TcpStream::connect(address).await?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        json.len()
    );
    connection.write_all(format!("{head}{json}").as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer)
}
