//! Opens connections: directly, through a proxy's tunnel, or to a proxy that forwards requests.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderValue, Uri};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Intercept;
use teleflow_http::tls::ClientConfig;
use tower_service::Service;

use super::stream::Stream;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// The system probes an idle connection after this time, and as often again.
const KEEPALIVE: Duration = Duration::from_secs(15);
/// The system closes a connection after so many probes without a response.
const KEEPALIVE_RETRIES: u32 = 3;

/// Connects to the server within the connect timeout, TLS and a proxy's tunnel included.
///
/// A request clones its connector, so this is one reference count.
#[derive(Clone)]
pub(super) struct Connector(Arc<Settings>);

struct Settings {
    https: HttpsConnector<DirectOrProxied>,
    timeout: Duration,
}

impl Connector {
    /// `is_https`: whether the server speaks TLS. `user_agent` is for the proxy's tunnel.
    pub(super) fn new(
        tls: ClientConfig,
        is_https: bool,
        proxy: Option<Intercept>,
        user_agent: Option<&HeaderValue>,
        timeout: Duration,
    ) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Divided among the addresses of the host, so that the second one is tried too.
        tcp.set_connect_timeout(Some(timeout));
        tcp.set_keepalive(Some(KEEPALIVE));
        tcp.set_keepalive_interval(Some(KEEPALIVE));
        tcp.set_keepalive_retries(Some(KEEPALIVE_RETRIES));
        let tls = Arc::new(tls);
        let inner = match proxy {
            None => DirectOrProxied::Direct(tcp),
            Some(proxy) => {
                let connector = HttpsConnector::from((tcp, Arc::clone(&tls)));
                if is_https {
                    DirectOrProxied::Tunnel(tunnel(&proxy, connector, user_agent))
                } else {
                    DirectOrProxied::Forward(proxy.uri().clone(), connector)
                }
            }
        };
        Self(Arc::new(Settings { https: HttpsConnector::from((inner, tls)), timeout }))
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Stream>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        let (mut https, timeout) = (self.0.https.clone(), self.0.timeout);
        Box::pin(async move {
            tokio::time::timeout(timeout, https.call(server)).await.unwrap_or_else(|_| {
                let message = format!("not connected within {} s", timeout.as_secs_f64());
                Err(io::Error::new(io::ErrorKind::TimedOut, message).into())
            })
        })
    }
}

/// Connects to the server or to its proxy, below TLS with the server.
#[derive(Clone)]
enum DirectOrProxied {
    Direct(HttpConnector),
    /// The proxy of an `https://` server.
    Tunnel(Tunnel<HttpsConnector<HttpConnector>>),
    /// The proxy of an `http://` server. It receives the requests themselves.
    Forward(Uri, HttpsConnector<HttpConnector>),
}

impl Service<Uri> for DirectOrProxied {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting<Stream>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        match self {
            Self::Direct(tcp) => {
                let connecting = tcp.call(server);
                Box::pin(async { Ok(Stream::new(MaybeHttpsStream::Http(connecting.await?))) })
            }
            Self::Tunnel(tunnel) => {
                let connecting = tunnel.call(server);
                Box::pin(async { Ok(Stream::new(connecting.await?)) })
            }
            Self::Forward(proxy, connector) => {
                let connecting = connector.call(proxy.clone());
                Box::pin(async { Ok(Stream::to_forwarding_proxy(connecting.await?)) })
            }
        }
    }
}

fn tunnel<C>(proxy: &Intercept, connector: C, user_agent: Option<&HeaderValue>) -> Tunnel<C> {
    let mut tunnel = Tunnel::new(proxy.uri().clone(), connector);
    if let Some(auth) = proxy.basic_auth() {
        tunnel = tunnel.with_auth(auth.clone());
    }
    let headers: HeaderMap = user_agent.map(|value| (USER_AGENT, value.clone())).into_iter().collect();
    tunnel.with_headers(headers)
}
