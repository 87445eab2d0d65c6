//! The pipeline: runs the stages of a request in the order of the server.
//!
//! The stages are: body parser, router, auth guard, rate limit, idempotency, validation, handler. The first stage that
//! fails decides the response. So a body that is too large is rejected before the API key is checked, and a 429 does not
//! use the idempotency key.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use serde_json::Value;
use teleflow_catalog::server_facts::ReservedKey;
use tokio::runtime::Handle;

use super::auth;
use super::body;
use super::body::Body;
use super::events::handlers;
use super::idempotency::CacheLookup;
use super::layouts;
use super::notifications;
use super::response::{Failure, Success, compress, head_too_long_response, json_response, preflight_response};
use super::route::Route;
use super::state::Shared;
use super::workflows;
use crate::database::store::ApiKey;
use crate::js;
use crate::request_log::AttemptNumber;

/// Answers a request.
pub(crate) async fn answer(shared: &Arc<Shared>, request: Request<Bytes>) -> Response<Bytes> {
    if request.method() == Method::OPTIONS {
        return preflight_response();
    }
    if is_head_too_long(&request) {
        return head_too_long_response();
    }
    let is_slow = !shared.lock().settings.queue_delay.is_zero();
    if let (true, Ok(runtime)) = (is_slow, Handle::try_current()) {
        // A separate task, so that the request continues if the client disconnects, as on a real server.
        let (shared, request) = (Arc::clone(shared), request.clone());
        let task = runtime.spawn(async move { respond(&shared, &request).await });
        return task
            .await
            .unwrap_or_else(|error| json_response_of(Err(Failure::Thrown(error.to_string())), HeaderMap::new()));
    }
    respond(shared, &request).await
}

/// Node's limit for the target and all headers of a request, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Whether Node rejects the request before the server's code sees it.
fn is_head_too_long(request: &Request<Bytes>) -> bool {
    let target = request.uri().path_and_query().map_or(1, |target| target.as_str().len());
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    target.saturating_add(headers.sum::<usize>()) >= MAX_HEAD
}

async fn respond(shared: &Shared, request: &Request<Bytes>) -> Response<Bytes> {
    let mut headers = HeaderMap::new();
    let number = request.extensions().get::<AttemptNumber>().copied();
    let number = number.unwrap_or_else(|| shared.lock().requests.begin(request, shared.clock.since_epoch()));
    let result = run(shared, request, number, &mut headers).await;
    let (status, body) = match &result {
        Ok(success) => (success.status, Cow::Borrowed(&success.body)),
        Err(failure) => (failure.status(), Cow::Owned(failure.body())),
    };
    let mut state = shared.lock();
    state.requests.finish(number, status, &body);
    state.forget(shared.forget_after.load(Ordering::Relaxed), shared.clock.since_epoch());
    drop(state);
    compress(json_response_of(result, headers), request.headers())
}

fn json_response_of(result: Result<Success, Failure>, headers: HeaderMap) -> Response<Bytes> {
    match result {
        Ok(success) => json_response(success.status, &success.body, headers),
        Err(failure) => json_response(failure.status(), &failure.body(), headers),
    }
}

/// Runs the stages. They add their response headers to `headers`, also if the request fails.
async fn run(
    shared: &Shared,
    request: &Request<Bytes>,
    number: AttemptNumber,
    headers: &mut HeaderMap,
) -> Result<Success, Failure> {
    let target = request.uri().path_and_query().map_or("*", |target| target.as_str());
    let body = body::parse(request.uri().path(), request.headers(), request.body())?;
    let route = Route::find(request.method(), target)?;
    let (caller, key) = {
        let mut state = shared.lock();
        let state = &mut *state;
        let now = shared.clock.now();
        let caller = auth::caller(&state.database, &route, request.headers())?.clone();
        state.buckets.take(state.settings.rate_limit, &caller, &route, now, headers)?;
        let key = if state.settings.idempotency {
            let organization_id = &caller.organization_id;
            match state.idempotency.begin(
                organization_id,
                request.method(),
                request.headers(),
                body.fingerprint(),
                now,
                headers,
            ) {
                CacheLookup::NoKey => None,
                CacheLookup::New(key) => Some(key),
                CacheLookup::Respond(result) => return result,
            }
        } else {
            None
        };
        (caller, key)
    };
    let query = request.uri().query().unwrap_or_default();
    let result = handle(shared, &caller, number, route, query, body).await;
    if let Some(key) = key {
        shared.lock().idempotency.finish(&key, &result, shared.clock.now());
    }
    result
}

async fn handle(
    shared: &Shared,
    caller: &ApiKey,
    number: AttemptNumber,
    route: Route,
    query: &str,
    body: Body,
) -> Result<Success, Failure> {
    match route {
        Route::Trigger => handlers::single(shared, caller, &transformed(body)?).await,
        Route::Bulk => handlers::bulk(shared, caller, &transformed(body)?).await,
        Route::Broadcast => handlers::broadcast(shared, caller, number, &transformed(body)?).await,
        Route::Cancel { transaction_id } => Ok(handlers::cancel(shared, caller, &transaction_id)),
        Route::Workflows => workflows::list(shared, caller, query),
        Route::Workflow { id } => workflows::detail(shared, caller, &id),
        Route::Layouts => layouts::list(shared, caller, query),
        Route::Layout { id } => layouts::detail(shared, caller, &id),
        Route::Notifications => notifications::list(shared, caller, query),
        // Unreachable: the auth guard rejects every caller.
        Route::TestEmail => Err(Failure::unauthorized("API endpoint not available")),
    }
}

/// The body after `class-transformer`, which fails on a key `constructor` and on too many levels, and removes the keys
/// that are names of functions of `Object.prototype`.
fn transformed(body: Body) -> Result<Value, Failure> {
    match body {
        Body::TooDeep => Err(Failure::Thrown("Maximum call stack size exceeded".to_owned())),
        Body::Json(value) if js::reserved_key(&value, ReservedKey::Fails).is_some() => {
            Err(Failure::Thrown("the transformer called a property named `constructor`".to_owned()))
        }
        Body::Json(mut value) => {
            js::strip_reserved_keys(&mut value);
            Ok(value)
        }
    }
}
