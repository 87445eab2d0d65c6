//! The proxy variables of the environment, checked before requests rely on them.
//!
//! reqwest ignores a proxy that it cannot use and sends the request directly, with the API key.

use std::env::{self, VarError};

use hyper_util::client::proxy::matcher::Matcher;

use super::BaseUrl;

/// The name of the variable, and its value.
type Variable = (&'static str, String);

/// Checks the variable that names the proxy for `base`.
///
/// # Errors
///
/// If the variable is not a valid proxy URL. The error does not contain the value, which may hold a password.
pub(super) fn check(base: &BaseUrl) -> Result<(), String> {
    // In a CGI program `HTTP_PROXY` may be a header of the visitor's, so no proxy is used.
    if env::var_os("REQUEST_METHOD").is_some() {
        return Ok(());
    }
    let own = if base.is_https() { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let Some((name, value)) = first(own)?.map_or_else(|| first(["ALL_PROXY", "all_proxy"]), |own| Ok(Some(own)))?
    else {
        return Ok(());
    };
    let exceptions = first(["NO_PROXY", "no_proxy"])?.map(|(_, value)| value).unwrap_or_default();
    let is_proxied = scheme(base, "localhost", &exceptions).is_some();
    if is_proxied && !matches!(scheme(base, &value, "").as_deref(), Some("http" | "https")) {
        return Err(format!("`{name}` is not a valid proxy URL; expected `http://host:port`"));
    }
    Ok(())
}

/// The first of these variables that is set, unless it is blank.
fn first(names: [&'static str; 2]) -> Result<Option<Variable>, String> {
    for name in names {
        match env::var(name) {
            Ok(value) => return Ok(Some((name, value)).filter(|(_, value)| !value.trim().is_empty())),
            Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => return Err(format!("`{name}` is not valid UTF-8")),
        }
    }
    Ok(None)
}

/// The scheme of the proxy that requests to `base` go through.
fn scheme(base: &BaseUrl, proxy: &str, exceptions: &str) -> Option<String> {
    let matcher = Matcher::builder().all(proxy).no(exceptions).build();
    let intercept = matcher.intercept(&base.as_str().parse().ok()?)?;
    intercept.uri().scheme_str().map(String::from)
}
