//! The server of the measurement: it checks each event, counts it and says that it queued it.

use std::cell::Cell;
use std::convert::Infallible;
use std::error::Error;
use std::io::Write;
use std::rc::Rc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::order::{Order, SUBSCRIBER, TRIGGER};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    name: &'a str,
    to: &'a str,
    payload: Order,
    transaction_id: Option<&'a str>,
}

#[derive(Deserialize)]
struct Events<'a> {
    #[serde(borrow)]
    events: Vec<Event<'a>>,
}

/// Serves until the process is killed. Prints its address.
pub(crate) async fn serve() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let count = Rc::new(Cell::new(0));
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async move {
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                let count = count.clone();
                let service = service_fn(move |request| respond(request, count.clone()));
                tokio::task::spawn_local(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                );
            }
        })
        .await
}

async fn respond(request: Request<Incoming>, count: Rc<Cell<usize>>) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let Ok(body) = request.into_body().collect().await.map(|body| body.to_bytes()) else {
        return Ok(Response::new(Full::default()));
    };
    let (status, text) = match path.as_str() {
        "/count" => (StatusCode::OK, count.replace(0).to_string()),
        "/v1/events/trigger" => match serde_json::from_slice::<Event<'_>>(&body) {
            Ok(event) if event.is_right() => {
                count.set(count.get() + 1);
                (StatusCode::CREATED, format!(r#"{{"data":{}}}"#, event.result()))
            }
            _ => (StatusCode::BAD_REQUEST, String::new()),
        },
        "/v1/events/trigger/bulk" => match serde_json::from_slice::<Events<'_>>(&body) {
            Ok(Events { events }) if events.iter().all(Event::is_right) => {
                count.set(count.get() + events.len());
                let results: Vec<String> = events.iter().map(Event::result).collect();
                (StatusCode::CREATED, format!(r#"{{"data":[{}]}}"#, results.join(",")))
            }
            _ => (StatusCode::BAD_REQUEST, String::new()),
        },
        _ => (StatusCode::NOT_FOUND, String::new()),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    Ok(response)
}

impl Event<'_> {
    fn is_right(&self) -> bool {
        let Order { order_id, carrier, items, total } = &self.payload;
        let sum: f64 = items.iter().map(|item| f64::from(item.qty) * item.price).sum();
        let is_order = order_id.starts_with("A-") && carrier == "UPS" && items.len() == 3;
        let skus = items.iter().all(|item| item.sku.starts_with("SKU-"));
        self.name == TRIGGER && self.to == SUBSCRIBER && is_order && skus && (sum - total).abs() < 1e-9
    }

    fn result(&self) -> String {
        let id = self.transaction_id.unwrap_or("the-server-made-one");
        format!(r#"{{"acknowledged":true,"status":"processed","transactionId":"{id}"}}"#)
    }
}
