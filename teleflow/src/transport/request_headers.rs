//! The headers of a request over HTTP.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use teleflow_http::api_key::ApiKey;
use teleflow_http::base_url::BaseUrl;

use super::error::TransportError;
use super::limits::{AGENT, IDEMPOTENCY_KEY};
use crate::error::{Error, Result};
use crate::request::Request;

/// The headers that the requests of a client have.
///
/// A request gets a copy. To replace a value is cheaper than to add a header, for us and for the HTTP client, which would let
/// the map grow. So all headers are there from the start, and those that differ have empty values.
pub(super) struct RequestHeaders(HeaderMap);

impl RequestHeaders {
    /// The headers that the API reads, and the user agent if it is set.
    pub(super) fn new(key: &ApiKey, user_agent: Option<HeaderValue>) -> Self {
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(AUTHORIZATION, key.authorization());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static(""));
        headers.insert(&IDEMPOTENCY_KEY, HeaderValue::from_static(""));
        if let Some(user_agent) = user_agent {
            headers.insert(USER_AGENT, user_agent);
        }
        Self(headers)
    }

    /// Adds the headers that an HTTP client would add. Only for one that does not follow redirects: they would go to another
    /// host too.
    ///
    /// # Errors
    ///
    /// If the host of the base URL is not valid in a header.
    pub(super) fn complete(mut self, base: &BaseUrl) -> Result<Self> {
        let host = HeaderValue::from_str(base.host())
            .map_err(|error| Error::invalid("the base URL is malformed").with_source(error))?;
        self.0.insert(HOST, host);
        self.0.insert(ACCEPT, HeaderValue::from_static("*/*"));
        self.0.entry(USER_AGENT).or_insert(HeaderValue::from_static(AGENT));
        Ok(self)
    }

    /// Adds a header.
    #[cfg(feature = "hyper")]
    pub(super) fn with(mut self, name: http::HeaderName, value: HeaderValue) -> Self {
        self.0.insert(name, value);
        self
    }

    /// The value of a header that all requests have.
    #[cfg(feature = "hyper")]
    pub(super) fn get(&self, name: http::HeaderName) -> Option<&HeaderValue> {
        self.0.get(name)
    }

    /// The headers of this request.
    ///
    /// # Errors
    ///
    /// If its key is not valid in a header.
    pub(super) fn of(&self, request: &Request) -> Result<HeaderMap, TransportError> {
        let mut headers = self.0.clone();
        match request.idempotency_key() {
            Some(key) => {
                headers.insert(&IDEMPOTENCY_KEY, HeaderValue::from_str(key).map_err(TransportError::unsendable)?)
            }
            None => headers.remove(&IDEMPOTENCY_KEY),
        };
        if request.body().is_empty() {
            headers.remove(CONTENT_TYPE);
            headers.remove(CONTENT_LENGTH);
        } else {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(request.body().len()));
        }
        Ok(headers)
    }
}
