//! Redirects are not followed: no other host gets the payload or the API key.

use teleflow::{Broadcast, Bulk, Client, ClientBuilder, ErrorKind, Fate, TransactionId};

use super::{QUEUED, event};
use crate::support::{API_KEY, Server};

/// A client of each HTTP library, with the usual retries.
fn clients(url: &str) -> Vec<Client> {
    let builder = || Client::builder().api_key(API_KEY).base_url(url);
    let builders: Vec<ClientBuilder> = vec![
        builder(),
        #[cfg(feature = "hyper")]
        builder().use_hyper(),
    ];
    builders.into_iter().map(|builder| builder.build().unwrap()).collect()
}

#[tokio::test]
async fn no_redirect_is_followed_to_another_host() {
    let other = Server::status(201, "", QUEUED);
    for status in [300, 301, 302, 303, 307, 308] {
        // The same host, another port, and another host with the same address.
        let url = other.url.replace("127.0.0.1", "localhost");
        for target in [&format!("{}/v1/events/trigger", other.url), &url, &other.url.replace("http:", "")] {
            let server = Server::status(status, &format!("location: {target}\r\nrefresh: 0; url={target}\r\n"), "");
            for client in clients(&server.url) {
                let broadcast = Broadcast::untyped("news", serde_json::json!({})).send(&client).await.unwrap_err();
                let bulk: Bulk = [event(), event()].into_iter().collect();
                let mut errors = vec![event().send(&client).await.unwrap_err(), broadcast];
                errors.push(bulk.send(&client).await.into_result().unwrap_err());
                errors.push(client.cancel(&TransactionId::from("t-1")).await.unwrap_err());
                for error in errors {
                    assert_eq!((error.kind(), error.fate()), (ErrorKind::Rejected, Fate::NotQueued), "{error}");
                    assert!(error.to_string().contains("redirects are not followed"), "{error}");
                }
            }
            assert_eq!(server.requests().len(), 4 * clients(&server.url).len(), "no retries");
        }
    }
    assert_eq!(other.requests(), [""; 0]);
}
