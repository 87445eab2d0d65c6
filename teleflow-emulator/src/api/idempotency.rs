//! The idempotency cache: stores the response, also of an error, for each key of an organization.
// Source: `idempotency.interceptor.ts`.

use std::collections::HashMap;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::response::{Failure, Success};

/// The request header, which the response echoes.
const KEY: &str = "idempotency-key";

const MAX_KEY_LENGTH: usize = 255;

/// How long a request without a response keeps its key.
const IN_PROGRESS_FOR: Duration = Duration::from_secs(5 * 60);

/// How long a response is replayed.
const REPLAYED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

const DOCUMENTATION: HeaderValue = HeaderValue::from_static("https://docs.novu.co/additional-resources/idempotency");

/// The responses by organization and key. Path and environment are not part of the key.
#[derive(Debug, Default)]
pub(crate) struct IdempotencyCache(HashMap<CacheKey, Entry>);

/// The key of a cache entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CacheKey {
    organization_id: String,
    key: String,
}

#[derive(Debug)]
struct Entry {
    body: u64,
    /// `None` while the request is in progress.
    response: Option<Result<Success, Failure>>,
    expires: Duration,
}

/// The result of looking up a request in the cache.
#[derive(Debug)]
pub(crate) enum CacheLookup {
    /// The request has no key, or its method does not support one.
    NoKey,
    /// The request is the first with its key, and its response has to be stored.
    New(CacheKey),
    /// The stored response, or an error.
    Respond(Result<Success, Failure>),
}

impl IdempotencyCache {
    /// Looks up the key of a request, and marks a new key as in progress. `body` is the hash of the body.
    pub(crate) fn begin(
        &mut self,
        organization_id: &str,
        method: &Method,
        request: &HeaderMap,
        body: u64,
        now: Duration,
        headers: &mut HeaderMap,
    ) -> CacheLookup {
        let Some(header) = request.get(KEY).filter(|key| !key.is_empty()) else {
            return CacheLookup::NoKey;
        };
        if method != Method::POST && method != Method::PATCH {
            return CacheLookup::NoKey;
        }
        let key = String::from_utf8_lossy(header.as_bytes()).into_owned();
        if key.encode_utf16().count() > MAX_KEY_LENGTH {
            return CacheLookup::Respond(Err(Failure::bad_request(format!(
                "idempotencyKey \"{key}\" has exceeded the maximum allowed length of {MAX_KEY_LENGTH} characters"
            ))));
        }
        headers.insert(KEY, header.clone());
        let key = CacheKey { organization_id: organization_id.to_owned(), key };
        match self.0.get(&key).filter(|entry| entry.expires > now) {
            None => {
                let entry = Entry { body, response: None, expires: now.saturating_add(IN_PROGRESS_FOR) };
                self.0.insert(key.clone(), entry);
                CacheLookup::New(key)
            }
            Some(Entry { response: None, .. }) => {
                headers.insert("retry-after", HeaderValue::from_static("1"));
                headers.insert("link", DOCUMENTATION);
                CacheLookup::Respond(Err(rejection(StatusCode::CONFLICT, &key, IN_PROGRESS)))
            }
            Some(entry) if entry.body != body => {
                headers.insert("link", DOCUMENTATION);
                CacheLookup::Respond(Err(rejection(StatusCode::UNPROCESSABLE_ENTITY, &key, DIFFERENT_BODY)))
            }
            Some(Entry { response: Some(response), .. }) => {
                headers.insert("idempotency-replay", HeaderValue::from_static("true"));
                CacheLookup::Respond(replay(response))
            }
        }
    }

    /// Drops the responses. Requests in progress remain.
    pub(crate) fn clear(&mut self) {
        self.0.retain(|_, entry| entry.response.is_none());
    }

    /// Stores the response to the first request with a key.
    pub(crate) fn finish(&mut self, key: &CacheKey, response: &Result<Success, Failure>, now: Duration) {
        if let Some(entry) = self.0.get_mut(key) {
            entry.response = Some(response.clone());
            entry.expires = now.saturating_add(REPLAYED_FOR);
        }
    }
}

const IN_PROGRESS: &str = "is currently being processed. Please retry after 1 second";
const DIFFERENT_BODY: &str = "is being reused for a different body";

fn rejection(status: StatusCode, key: &CacheKey, why: &str) -> Failure {
    Failure::Named(status, format!("Request with key \"{}\" {why}", key.key).into())
}

/// A success is replayed with 201, the default status of `POST`. An unexpected error is replayed with another body,
/// because the server does not store its exception.
fn replay(response: &Result<Success, Failure>) -> Result<Success, Failure> {
    match response {
        Ok(success) => Ok(Success { status: StatusCode::CREATED, ..success.clone() }),
        Err(Failure::Thrown(_)) => Err(Failure::Unnamed(StatusCode::INTERNAL_SERVER_ERROR)),
        Err(failure) => Err(failure.clone()),
    }
}
