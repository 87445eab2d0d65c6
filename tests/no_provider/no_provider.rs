//! What another crate turns on in reqwest does not make `build` panic.

use teleflow::{Client, ErrorKind};

#[test]
fn an_error_says_what_to_enable() {
    for url in ["http://localhost:3000", "https://teleflow.example.com"] {
        let built = Client::builder().api_key("k").base_url(url).build();
        let error = built.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        let text = error.to_string();
        assert!(text.contains("`rustls`") && text.contains("provider"), "{text}");
    }
}
