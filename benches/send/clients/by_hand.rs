//! The best that one writes by hand over reqwest for the same work: a transaction id for each event, an idempotency key, a
//! timeout, and a response that is read and compared. Borrowed structs, sized buffers, parsed URLs, prepared headers.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Sent;
use crate::order::{API_KEY, Order, SUBSCRIBER, TRIGGER};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Client {
    client: reqwest::Client,
    trigger: Url,
    bulk: Url,
    authorization: HeaderValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    name: &'static str,
    to: &'static str,
    payload: &'a Order,
    pub(super) transaction_id: Uuid,
}

impl<'a> Event<'a> {
    pub(super) fn new(payload: &'a Order) -> Self {
        Self { name: TRIGGER, to: SUBSCRIBER, payload, transaction_id: Uuid::new_v4() }
    }
}

#[derive(Serialize)]
struct Events<'a> {
    events: &'a [Event<'a>],
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    status: &'a str,
    transaction_id: Uuid,
}

impl Outcome<'_> {
    fn check(&self, event: &Event<'_>) -> Sent {
        if self.status == "processed" && self.transaction_id == event.transaction_id {
            Ok(())
        } else {
            Err("the event was not queued".into())
        }
    }
}

/// Checks the response to one event.
pub(super) fn check(event: &Event<'_>, body: &[u8]) -> Sent {
    serde_json::from_slice::<Envelope<Outcome<'_>>>(body)?.data.check(event)
}

/// The key of a request as a header.
pub(super) fn idempotency_key() -> Result<HeaderValue, Box<dyn Error + Send + Sync>> {
    let mut buffer = Uuid::encode_buffer();
    Ok(HeaderValue::from_str(Uuid::new_v4().as_hyphenated().encode_lower(&mut buffer))?)
}

impl Client {
    pub(super) fn new(base: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut authorization = HeaderValue::from_str(&format!("ApiKey {API_KEY}"))?;
        authorization.set_sensitive(true);
        Ok(Self {
            client: reqwest::Client::builder().no_proxy().build()?,
            trigger: Url::parse(&format!("{base}/v1/events/trigger"))?,
            bulk: Url::parse(&format!("{base}/v1/events/trigger/bulk"))?,
            authorization,
        })
    }

    async fn post(&self, url: &Url, body: Vec<u8>) -> Result<bytes::Bytes, Box<dyn Error + Send + Sync>> {
        let mut request = Request::new(Method::POST, url.clone());
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(IDEMPOTENCY_KEY, idempotency_key()?);
        *request.timeout_mut() = Some(TIMEOUT);
        *request.body_mut() = Some(body.into());
        let response = self.client.execute(request).await?;
        if !response.status().is_success() {
            return Err(format!("the server answered {}", response.status()).into());
        }
        Ok(response.bytes().await?)
    }

    pub(super) async fn single(&self, order: &Order) -> Sent {
        let event = Event::new(order);
        let mut body = Vec::with_capacity(384);
        serde_json::to_writer(&mut body, &event)?;
        check(&event, &self.post(&self.trigger, body).await?)
    }

    pub(super) async fn bulk(&self, orders: &[Order]) -> Sent {
        let events: Vec<Event<'_>> = orders.iter().map(Event::new).collect();
        let mut body = Vec::with_capacity(384 * events.len());
        serde_json::to_writer(&mut body, &Events { events: &events })?;
        let response = self.post(&self.bulk, body).await?;
        let Envelope { data } = serde_json::from_slice::<Envelope<Vec<Outcome<'_>>>>(&response)?;
        if data.len() != events.len() {
            return Err("a result is missing".into());
        }
        data.iter().zip(&events).try_for_each(|(outcome, event)| outcome.check(event))
    }
}
