//! The same work as `by_hand`, over hyper-util's pool without reqwest.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Uri};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::Sent;
use super::by_hand::{Event, check, idempotency_key};
use crate::order::{API_KEY, Order};

pub(crate) struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    trigger: Uri,
    authorization: HeaderValue,
}

impl Client {
    pub(super) fn new(base: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let mut authorization = HeaderValue::from_str(&format!("ApiKey {API_KEY}"))?;
        authorization.set_sensitive(true);
        Ok(Self {
            pool: Pool::builder(TokioExecutor::new()).build(connector),
            trigger: format!("{base}/v1/events/trigger").parse()?,
            authorization,
        })
    }

    pub(super) async fn single(&self, order: &Order) -> Sent {
        let event = Event::new(order);
        let mut body = Vec::with_capacity(384);
        serde_json::to_writer(&mut body, &event)?;
        let request = Request::post(self.trigger.clone())
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header("idempotency-key", idempotency_key()?)
            .body(Full::from(body))?;
        let response = tokio::time::timeout(Duration::from_secs(10), async {
            let response = self.pool.request(request).await?;
            if !response.status().is_success() {
                return Err(format!("the server answered {}", response.status()).into());
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(response.into_body().collect().await?.to_bytes())
        });
        check(&event, &response.await??)
    }
}
