//! The auth guard: finds the API key of a request.
//!
//! Source: `user.auth.guard.ts`, `apikey.strategy.ts` of the server.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::response::Failure;
use super::route::Route;
use crate::database::store::{ApiKey, Database};

/// The API key in the `Authorization` header.
pub(crate) fn caller<'a>(database: &'a Database, route: &Route, headers: &HeaderMap) -> Result<&'a ApiKey, Failure> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, key) = header.split_once(' ').unwrap_or((header, ""));
    match scheme {
        "" => Err(Failure::unauthorized("Missing authorization header")),
        "ApiKey" if *route == Route::TestEmail => Err(Failure::unauthorized("API endpoint not available")),
        "ApiKey" if key.is_empty() => Err(Failure::Unnamed(http::StatusCode::UNAUTHORIZED)),
        "ApiKey" => database.key(key).ok_or_else(|| Failure::unauthorized("API Key not found")),
        // A dashboard session. The emulator has no dashboard, so no session is valid.
        "Bearer" => Err(Failure::Unnamed(http::StatusCode::UNAUTHORIZED)),
        _ => Err(Failure::unauthorized(format!("Invalid authentication scheme: \"{scheme}\""))),
    }
}
