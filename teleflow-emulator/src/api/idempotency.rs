//! The idempotency cache: one answer for each key of an organization, errors included.
//!
//! Source: `idempotency.interceptor.ts` of the server.

use std::collections::HashMap;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::response::{Failure, Success};

/// The request header, and its echo.
const KEY: &str = "idempotency-key";

const MAX_KEY_LENGTH: usize = 255;

/// How long a request that never ends keeps its key.
const IN_PROGRESS_FOR: Duration = Duration::from_secs(5 * 60);

/// How long an answer is replayed.
const ANSWERED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

const DOCUMENTATION: HeaderValue = HeaderValue::from_static("https://docs.novu.co/additional-resources/idempotency");

/// By organization and key; neither path nor environment counts.
#[derive(Debug, Default)]
pub(crate) struct Cache(HashMap<Slot, Entry>);

/// A place in the cache.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Slot {
    organization_id: String,
    key: String,
}

#[derive(Debug)]
struct Entry {
    body: u64,
    /// `None` while the request is in progress.
    answer: Option<Result<Success, Failure>>,
    expires: Duration,
}

/// What the cache says about a request.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It has no key, or none that counts.
    Keyless,
    /// It is the first of its key, and its answer is to be kept.
    First(Slot),
    /// It has been answered before, or refused now.
    Answered(Result<Success, Failure>),
}

impl Cache {
    /// Looks a request's key up, and notes that it is in progress if it is new. `body` stands for its body.
    pub(crate) fn open(
        &mut self,
        organization_id: &str,
        method: &Method,
        request: &HeaderMap,
        body: u64,
        now: Duration,
        headers: &mut HeaderMap,
    ) -> Verdict {
        let Some(given) = request.get(KEY).filter(|key| !key.is_empty()) else {
            return Verdict::Keyless;
        };
        if method != Method::POST && method != Method::PATCH {
            return Verdict::Keyless;
        }
        let key = String::from_utf8_lossy(given.as_bytes()).into_owned();
        if key.encode_utf16().count() > MAX_KEY_LENGTH {
            return Verdict::Answered(Err(Failure::bad_request(format!(
                "idempotencyKey \"{key}\" has exceeded the maximum allowed length of {MAX_KEY_LENGTH} characters"
            ))));
        }
        headers.insert(KEY, given.clone());
        let slot = Slot { organization_id: organization_id.to_owned(), key };
        match self.0.get(&slot).filter(|entry| entry.expires > now) {
            None => {
                let entry = Entry { body, answer: None, expires: now.saturating_add(IN_PROGRESS_FOR) };
                self.0.insert(slot.clone(), entry);
                Verdict::First(slot)
            }
            Some(Entry { answer: None, .. }) => {
                headers.insert("retry-after", HeaderValue::from_static("1"));
                headers.insert("link", DOCUMENTATION);
                Verdict::Answered(Err(refusal(StatusCode::CONFLICT, &slot, IN_PROGRESS)))
            }
            Some(entry) if entry.body != body => {
                headers.insert("link", DOCUMENTATION);
                Verdict::Answered(Err(refusal(StatusCode::UNPROCESSABLE_ENTITY, &slot, OTHER_BODY)))
            }
            Some(Entry { answer: Some(answer), .. }) => {
                headers.insert("idempotency-replay", HeaderValue::from_static("true"));
                Verdict::Answered(replay(answer))
            }
        }
    }

    /// Keeps the answer to the first request of a key.
    pub(crate) fn close(&mut self, slot: &Slot, answer: &Result<Success, Failure>, now: Duration) {
        if let Some(entry) = self.0.get_mut(slot) {
            entry.answer = Some(answer.clone());
            entry.expires = now.saturating_add(ANSWERED_FOR);
        }
    }
}

const IN_PROGRESS: &str = "is currently being processed. Please retry after 1 second";
const OTHER_BODY: &str = "is being reused for a different body";

fn refusal(status: StatusCode, slot: &Slot, why: &str) -> Failure {
    Failure::Named(status, format!("Request with key \"{}\" {why}", slot.key).into())
}

/// A success is replayed with the status that any `POST` has by default. An unexpected error comes back in another
/// form: what threw it is gone.
fn replay(answer: &Result<Success, Failure>) -> Result<Success, Failure> {
    match answer {
        Ok(success) => Ok(Success { status: StatusCode::CREATED, ..success.clone() }),
        Err(Failure::Thrown(_)) => Err(Failure::Unnamed(StatusCode::INTERNAL_SERVER_ERROR)),
        Err(failure) => Err(failure.clone()),
    }
}
