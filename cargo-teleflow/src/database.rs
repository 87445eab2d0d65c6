//! The database of an outbox.

use std::net::IpAddr;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use teleflow_http::env;
use teleflow_outbox::{Store, postgres, sqlite};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::failure::{Failure, chain};
use crate::output::sanitize;
use crate::postgres_tls::PostgresTls;

/// The environment variable for the database.
const VARIABLE: &str = "DATABASE_URL";

/// Where an outbox is. Errors do not contain the URL, which may have a password.
pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres(Box<Config>),
}

impl Database {
    /// Reads the argument, or the environment.
    pub(crate) fn find(argument: Option<&str>) -> Result<Self, Failure> {
        let (setting, text) = match argument {
            Some(text) => ("--database", text.to_owned()),
            None => {
                let text = env::read(VARIABLE).map_err(Failure::Usage)?.ok_or_else(|| {
                    Failure::Usage(format!("no database; set `--database`, or the environment variable `{VARIABLE}`"))
                })?;
                (VARIABLE, text)
            }
        };
        Self::parse(&text).map_err(|problem| Failure::Usage(format!("`{setting}` {problem}")))
    }

    fn parse(text: &str) -> Result<Self, String> {
        const EXPECTED: &str = "use a `postgres://` URL or the path of an SQLite file";
        let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        // A Windows path begins with one letter and a colon.
        let scheme =
            scheme.filter(|scheme| scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        match scheme.as_deref() {
            Some("postgres" | "postgresql") => Self::postgres_url(text),
            Some("sqlite") => Self::sqlite_url(text),
            Some(other) if text.contains("://") => {
                Err(format!("has the scheme `{}`, which is not supported; {EXPECTED}", sanitize(other)))
            }
            _ if text.trim().is_empty() => Err(format!("is blank; {EXPECTED}")),
            // libpq's other form may have a password, and a path is part of errors.
            _ if text.contains("password=") || text.contains("dbname=") || text.contains("host=") => {
                Err(format!("is a list of parameters, which is not supported; {EXPECTED}"))
            }
            _ => Ok(Self::Sqlite(PathBuf::from(text))),
        }
    }

    /// `sqlite:path`, `sqlite://path`, with the parameters that sqlx reads.
    fn sqlite_url(url: &str) -> Result<Self, String> {
        let path = url.split_once(':').map_or(url, |(_, path)| path);
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split('?').next().unwrap_or_default();
        let path = percent_decode_str(path).decode_utf8().map_err(|_| "has a path that is not valid UTF-8")?;
        match path.as_ref() {
            "" | ":memory:" => Err(String::from("is a database in memory, which no other process can open")),
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }

    fn postgres_url(url: &str) -> Result<Self, String> {
        // libpq verifies the certificate only with these modes. Here it is always verified.
        let url = url.replace("sslmode=verify-full", "sslmode=require").replace("sslmode=verify-ca", "sslmode=require");
        let config: Config =
            url.parse().map_err(|error| format!("is not a valid URL: {}", sanitize(&chain(&error))))?;
        Ok(Self::Postgres(Box::new(config)))
    }

    /// Opens a queue that exists.
    pub(crate) async fn open(&self, queue: &str) -> Result<Store, Failure> {
        let store = match self {
            Self::Sqlite(path) => sqlite::existing_store(path, queue).await,
            Self::Postgres(config) if uses_tls(config) => {
                postgres::store_with_tls((**config).clone(), PostgresTls::new()?, queue).await
            }
            Self::Postgres(config) => postgres::store((**config).clone(), queue).await,
        };
        store.map_err(|error| Failure::Operation(sanitize(&chain(&error))))
    }
}

/// Whether a connection may use TLS. Without a wish of the user, a server on this machine is reached without: its certificate
/// is rarely one that can be verified.
fn uses_tls(config: &Config) -> bool {
    match config.get_ssl_mode() {
        SslMode::Disable => false,
        SslMode::Prefer => !is_local(config),
        _ => true,
    }
}

fn is_local(config: &Config) -> bool {
    let is_local = |host: &Host| match host {
        Host::Tcp(name) => {
            name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(is_local) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}
