//! The pipeline: from a request to its answer, in the order in which the server's stages stand.
//!
//! Body parser, router, guard, rate limit, idempotency, pipes, handler. Whichever stage fails first answers,
//! so an oversized body is told so before its key is looked at.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use serde_json::Value;

use crate::answer::{Failure, Success, json_response, preflight_response};
use crate::body::Body;
use crate::route::Route;
use crate::state::Shared;
use crate::world::ApiKey;
use crate::{auth, body, js, trigger};

/// Answers a request.
pub(crate) async fn answer(shared: &Shared, request: &Request<Bytes>) -> Response<Bytes> {
    if request.method() == Method::OPTIONS {
        return preflight_response();
    }
    let mut headers = HeaderMap::new();
    match run(shared, request, &mut headers).await {
        Ok(success) => json_response(success.status, &success.body, headers),
        Err(failure) => json_response(failure.status(), &failure.body(), headers),
    }
}

/// `headers` are those that the answer is to have beside the usual ones, whether it succeeds or not.
async fn run(shared: &Shared, request: &Request<Bytes>, _headers: &mut HeaderMap) -> Result<Success, Failure> {
    let target = request.uri().path_and_query().map_or("*", |target| target.as_str());
    let body = body::parse(request.uri().path(), request.headers(), request.body())?;
    let route = Route::find(request.method(), target)?;
    let caller = auth::caller(&shared.lock().world, &route, request.headers())?.clone();
    handle(shared, &caller, route, body).await
}

async fn handle(shared: &Shared, caller: &ApiKey, route: Route, body: Body) -> Result<Success, Failure> {
    match route {
        Route::Trigger => trigger::single(shared, caller, &transformed(body)?).await,
        Route::Bulk => trigger::bulk(shared, caller, &transformed(body)?).await,
        Route::Broadcast => trigger::broadcast(shared, caller, &transformed(body)?).await,
        Route::Cancel { transaction_id } => Ok(trigger::cancel(shared, caller, &transaction_id)),
        Route::TestEmail | Route::Workflows | Route::Workflow { .. } | Route::Notifications => {
            Err(Failure::Thrown("not served".to_owned()))
        }
    }
}

/// The body as the first pipe, `class-transformer`, hands it on: it stumbles over a key named `constructor`
/// and over depth, and takes `__proto__` out.
fn transformed(body: Body) -> Result<Value, Failure> {
    match body {
        Body::TooDeep => Err(Failure::Thrown("Maximum call stack size exceeded".to_owned())),
        Body::Json(value) if js::has_key_anywhere(&value, "constructor") => {
            Err(Failure::Thrown("the transformer called a property named `constructor`".to_owned()))
        }
        Body::Json(mut value) => {
            js::without_key_anywhere(&mut value, "__proto__");
            Ok(value)
        }
    }
}
