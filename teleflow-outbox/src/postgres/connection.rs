//! One connection that many tasks share, and that is opened again after a failure.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_postgres::config::{ChannelBinding, SslMode};
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Row, Socket};

use super::failure::failure;
use crate::error::{Error, Result};

/// How long a TCP connection to an address may take, if the configuration does not say.
const ADDRESS_TIMEOUT: Duration = Duration::from_secs(5);
/// The shortest limit of a connection, with TLS and the authentication.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a statement may take. A server that is gone without a word is noticed by this.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);
/// Between a failure and the next connection.
const RECONNECT_PAUSE: Duration = Duration::from_millis(250);

type Connect = dyn Fn() -> Pin<Box<dyn Future<Output = Result<Client>> + Send>> + Send + Sync;
/// A parameter of a statement.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

pub(super) struct Connection {
    connect: Box<Connect>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    client: Option<Arc<Client>>,
    failed: Option<Instant>,
}

impl Connection {
    pub(super) fn new<T>(config: Config, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        Self { connect: Box::new(move || Box::pin(connect(config.clone(), tls.clone()))), state: Mutex::default() }
    }

    /// The open connection, or a new one.
    pub(super) async fn client(&self) -> Result<Arc<Client>> {
        let mut state = self.state.lock().await;
        if let Some(client) = &state.client
            && !client.is_closed()
        {
            return Ok(Arc::clone(client));
        }
        if let Some(failed) = state.failed {
            sleep_until(failed + RECONNECT_PAUSE).await;
        }
        match (self.connect)().await {
            Ok(client) => Ok(Arc::clone(state.client.insert(Arc::new(client)))),
            Err(error) => {
                *state = State { client: None, failed: Some(Instant::now()) };
                Err(error)
            }
        }
    }

    /// Executes a statement, and returns its rows. Statements of other tasks may be on their way at the same time.
    ///
    /// It is one round trip and leaves no prepared statement behind, so it also works through PgBouncer.
    pub(super) async fn query(&self, what: &str, sql: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row>> {
        let client = self.client().await?;
        match timeout(STATEMENT_TIMEOUT, client.query_typed(sql, parameters)).await {
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(error)) => {
                if is_of_the_connection(&error) {
                    self.discard(&client).await;
                }
                Err(failure(what, error))
            }
            Err(_) => {
                self.discard(&client).await;
                let message = format!("PostgreSQL failed to {what}: it did not respond within {STATEMENT_TIMEOUT:?}");
                Err(Error::new(message))
            }
        }
    }

    /// Lets the next statement open a new connection.
    async fn discard(&self, client: &Arc<Client>) {
        let mut state = self.state.lock().await;
        if state.client.as_ref().is_some_and(|current| Arc::ptr_eq(current, client)) {
            *state = State { client: None, failed: Some(Instant::now()) };
        }
    }
}

/// Whether another connection may work better. After a failover, the old one is to a server that only reads. The codes that
/// begin with 57 are those of a server that shuts down.
fn is_of_the_connection(error: &tokio_postgres::Error) -> bool {
    error.code().is_none_or(|code| *code == SqlState::READ_ONLY_SQL_TRANSACTION || code.code().starts_with("57"))
}

/// Opens a connection. It ends when the client is dropped.
pub(super) async fn connect<T>(mut config: Config, tls: T) -> Result<Client>
where
    T: MakeTlsConnect<Socket> + Send + 'static,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    if config.get_application_name().is_none() {
        config.application_name("teleflow-outbox");
    }
    let limit = limit_connect(&mut config);
    let Ok(connected) = timeout(limit, config.connect(tls)).await else {
        return Err(Error::new(format!("PostgreSQL did not accept a connection within {limit:?}")));
    };
    let (client, connection) = connected.map_err(|error| failure("accept a connection", error))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            let error = failure("keep a connection", error);
            tracing::warn!(error = error.chain(), "the connection to PostgreSQL failed");
        }
    });
    Ok(client)
}

/// How long a connection may take in total. The timeout of the configuration is for TCP only, and for each address: a host
/// often has two. It lets the next host have its turn.
fn limit_connect(config: &mut Config) -> Duration {
    let of_address = config.get_connect_timeout().copied().unwrap_or(ADDRESS_TIMEOUT);
    config.connect_timeout(of_address);
    let hosts = config.get_hosts().len().max(config.get_hostaddrs().len());
    let addresses = u32::try_from(hosts.saturating_mul(2)).unwrap_or(u32::MAX);
    of_address.saturating_mul(addresses).max(CONNECT_TIMEOUT)
}

/// # Errors
///
/// If this configuration does not allow connections without TLS.
pub(super) fn demands_no_tls(config: &Config) -> Result<()> {
    let is_optional = matches!(config.get_ssl_mode(), SslMode::Disable | SslMode::Prefer);
    if is_optional && config.get_channel_binding() != ChannelBinding::Require {
        return Ok(());
    }
    Err(Error::new(
        "the configuration demands TLS (`sslmode` or `channel_binding`), but this function connects without it; call the \
         one that ends with `_with_tls`",
    ))
}
