//! The client's settings: a custom HTTP client, the user agent, timeouts.

use std::time::Duration;

use teleflow::{Client, ErrorKind};

use super::{QUEUED, event};
#[cfg(feature = "reqwest")]
use crate::support::tls_config;
use crate::support::{API_KEY, Server};

/// The application's own HTTP client.
#[cfg(feature = "reqwest")]
fn custom_http_client() -> reqwest::Client {
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls_config()).user_agent("application/1");
    builder.redirect(reqwest::redirect::Policy::none()).build().expect("a valid configuration")
}

async fn sent_request(server: &Server, client: &Client) -> String {
    event().send(client).await.unwrap();
    server.requests().pop().unwrap()
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_custom_http_client_keeps_its_user_agent_unless_one_is_set() {
    let server = Server::status(201, "", QUEUED);
    let client = server.builder().http_client(custom_http_client()).build().unwrap();
    let request = sent_request(&server, &client).await;
    assert!(request.contains("user-agent: application/1\r\n"), "{request}");
    assert!(request.contains(&format!("authorization: ApiKey {API_KEY}\r\n")), "{request}");
    let client = server.builder().http_client(custom_http_client()).user_agent("shop/3").build().unwrap();
    let request = sent_request(&server, &client).await;
    assert!(request.contains("user-agent: shop/3\r\n") && !request.contains("application/1"), "{request}");
}

#[cfg(feature = "hyper")]
#[tokio::test]
async fn hyper_is_used_where_it_is_selected() {
    let server = Server::status(201, "", QUEUED);
    let client = server.builder().use_hyper().user_agent("shop/3").build().unwrap();
    let request = sent_request(&server, &client).await;
    assert!(request.contains("user-agent: shop/3\r\n"), "{request}");
    assert!(request.contains(&format!("authorization: ApiKey {API_KEY}\r\n")), "{request}");
    // The libraries print different sources of an error.
    let client = Client::builder().api_key(API_KEY).base_url("http://127.0.0.1:1").retry(teleflow::RetryPolicy::none());
    let error = event().send(&client.use_hyper().build().unwrap()).await.unwrap_err();
    assert!(!format!("{error:?}").contains("reqwest"), "{error:?}");
}

#[test]
fn a_user_agent_that_is_not_a_valid_header_value_is_rejected() {
    let error = Client::builder().api_key(API_KEY).user_agent("shop\n3").build().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
    assert!(!error.to_string().chars().any(char::is_control), "{error}");
}

#[test]
fn a_timeout_or_deadline_of_zero_is_rejected() {
    for builder in [Client::builder().timeout(Duration::ZERO), Client::builder().deadline(Duration::ZERO)] {
        assert_eq!(builder.api_key(API_KEY).build().unwrap_err().kind(), ErrorKind::Invalid);
    }
}
