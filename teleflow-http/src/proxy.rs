//! The proxy variables of the environment.
//!
//! reqwest ignores a proxy URL that it cannot parse and sends the request directly, with the API key.

use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::base_url::BaseUrl;
use crate::env;

/// The name of a variable and its value.
type Variable = (&'static str, String);

/// Checks the environment variable with the proxy for `base`. A loopback server needs no proxy, so nothing is checked.
///
/// # Errors
///
/// If the variable is not a valid proxy URL. The error does not contain the value, which may include a password.
pub fn check(base: &BaseUrl) -> Result<(), String> {
    // In a CGI program, `HTTP_PROXY` may be a header from the visitor, so no proxy is used.
    if base.is_loopback() || std::env::var_os("REQUEST_METHOD").is_some() {
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

/// Returns the proxy of the environment for `base`, or `None` if requests go to the server directly. These are the rules by
/// which reqwest selects a proxy.
///
/// # Errors
///
/// Those of [`check`].
pub fn of_environment(base: &BaseUrl) -> Result<Option<Intercept>, String> {
    check(base)?;
    let uri = if base.is_loopback() { None } else { base.as_str().parse().ok() };
    Ok(uri.and_then(|uri| Matcher::from_env().intercept(&uri)))
}

/// Returns the first variable that is set, or `None` if that one is blank.
fn first(names: [&'static str; 2]) -> Result<Option<Variable>, String> {
    let set = names.into_iter().find(|name| std::env::var_os(name).is_some());
    set.map_or(Ok(None), |name| Ok(env::read(name)?.map(|value| (name, value))))
}

/// Returns the scheme of the proxy for `base`, or `None` if requests go to the server directly.
fn scheme(base: &BaseUrl, proxy: &str, exceptions: &str) -> Option<String> {
    let matcher = Matcher::builder().all(proxy).no(exceptions).build();
    let intercept = matcher.intercept(&base.as_str().parse().ok()?)?;
    intercept.uri().scheme_str().map(String::from)
}
