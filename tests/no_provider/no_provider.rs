//! `build` does not panic if another crate enables rustls without a crypto provider in reqwest.

use teleflow::{Client, ErrorKind};

#[test]
fn the_error_names_the_feature_to_enable() {
    for url in ["http://localhost:3000", "https://teleflow.example.com"] {
        let built = Client::builder().api_key("k").base_url(url).build();
        let error = built.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        let text = error.to_string();
        assert!(text.contains("`rustls`") && text.contains("provider"), "{text}");
    }
}
