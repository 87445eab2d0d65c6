//! TLS to PostgreSQL, with the certificate of `tests/tls`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use teleflow_outbox::postgres;
use tokio::time::{sleep, timeout};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::server::Server;
use crate::database::connect;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/tls").join(name)
}

/// A client that trusts these certificates.
fn tls(roots: RootCertStore) -> MakeRustlsConnect {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth())
}

/// Writes a file into the folder of the server's data, where only the server may read it.
async fn give(client: &Client, name: &str) {
    let text = fs::read_to_string(file(name)).unwrap();
    let sql = format!(
        "copy (select unnest(string_to_array($pem${text}$pem$, E'\\n'))) to program 'cat > {name} && chmod 600 {name}'"
    );
    client.batch_execute(&sql).await.unwrap();
}

async fn connections_with_tls(client: &Client) -> i64 {
    let sql = "select count(*) from pg_stat_ssl join pg_stat_activity using (pid)
               where ssl and application_name = 'teleflow-outbox'";
    client.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_store_connects_with_the_tls_that_it_is_given() {
    let server = Server::start();
    let client = connect(&server.config).await;
    give(&client, "server.pem").await;
    give(&client, "server.key").await;
    for setting in ["ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'", "ssl = on"] {
        client.batch_execute(&format!("alter system set {setting}")).await.unwrap();
    }
    client.batch_execute("select pg_reload_conf()").await.unwrap();

    let mut config = Config::new();
    let ([port], Some(password)) = (server.config.get_ports(), server.config.get_password()) else {
        panic!("no password")
    };
    config.host("localhost").hostaddr([127, 0, 0, 1].into()).port(*port).user("postgres").password(password);
    config.dbname("postgres").ssl_mode(SslMode::Require);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("ca.pem")).unwrap()).unwrap();
    // The server reads its settings a moment later.
    let installed = async {
        while postgres::install_with_tls(config.clone(), tls(roots.clone()), "teleflow").await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(30), installed).await.unwrap();
    let store = postgres::store_with_tls(config.clone(), tls(roots), "teleflow").await.unwrap();
    assert_eq!(store.metrics().await.unwrap().queued, 0);
    assert_eq!(connections_with_tls(&client).await, 1);

    let error = postgres::store_with_tls(config, tls(RootCertStore::empty()), "teleflow").await.unwrap_err();
    let source = format!("{error:?}");
    assert!(source.contains("UnknownIssuer"), "{source}");
}
