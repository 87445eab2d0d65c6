//! The router: finds the route of a request by method and path.

use http::Method;
use percent_encoding::percent_decode_str;

use super::response::Failure;

/// A route with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Trigger,
    Bulk,
    Broadcast,
    Cancel {
        transaction_id: String,
    },
    /// Exists on the server, but not for callers with an API key.
    TestEmail,
    Workflows,
    Workflow {
        id: String,
    },
    Layouts,
    Layout {
        id: String,
    },
    Notifications,
}

impl Route {
    /// Finds the route of a request.
    ///
    /// Like Express, it ignores case and one trailing slash.
    pub(crate) fn find(method: &Method, target: &str) -> Result<Self, Failure> {
        let path = target.split('?').next().unwrap_or_default();
        let unknown = || Failure::not_found(format!("Cannot {method} {target}"));
        let rest = path.strip_prefix('/').ok_or_else(unknown)?;
        let segments: Vec<&str> = rest.strip_suffix('/').unwrap_or(rest).split('/').collect();
        let lower: Vec<String> = segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let last = segments.last().copied().unwrap_or_default();
        // Express answers HEAD with the headers of GET.
        let method = if method == Method::HEAD { "GET" } else { method.as_str() };
        match (method, lower.as_slice()) {
            ("POST", ["v1", "events", "trigger"]) => Ok(Self::Trigger),
            ("POST", ["v1", "events", "trigger", "bulk"]) => Ok(Self::Bulk),
            ("POST", ["v1", "events", "trigger", "broadcast"]) => Ok(Self::Broadcast),
            ("POST", ["v1", "events", "test", "email"]) => Ok(Self::TestEmail),
            ("DELETE", ["v1", "events", "trigger", id]) if !id.is_empty() => {
                Ok(Self::Cancel { transaction_id: decode(last)? })
            }
            ("GET", ["v1", "workflows" | "notification-templates"]) => Ok(Self::Workflows),
            ("GET", ["v1", "workflows" | "notification-templates", id]) if !id.is_empty() => {
                Ok(Self::Workflow { id: decode(last)? })
            }
            ("GET", ["v1", "layouts"]) => Ok(Self::Layouts),
            ("GET", ["v1", "layouts", id]) if !id.is_empty() => Ok(Self::Layout { id: decode(last)? }),
            ("GET", ["v1", "notifications"]) => Ok(Self::Notifications),
            _ => Err(unknown()),
        }
    }
}

/// Decodes a path parameter as `decodeURIComponent` does.
fn decode(segment: &str) -> Result<String, Failure> {
    let undecodable = || Failure::bad_request(format!("Failed to decode param '{segment}'"));
    let well_formed = segment.split('%').skip(1).all(|escape| {
        let mut digits = escape.chars().take(2);
        digits.by_ref().filter(char::is_ascii_hexdigit).count() == 2
    });
    if !well_formed {
        return Err(undecodable());
    }
    let decoded = percent_decode_str(segment).decode_utf8().map_err(|_| undecodable())?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cancel(target: &str) -> Result<Route, Failure> {
        Route::find(&Method::DELETE, target)
    }

    #[test]
    fn path_parameters_are_decoded() {
        let id = |text: &str| Route::Cancel { transaction_id: text.to_owned() };
        assert_eq!(cancel("/v1/events/trigger/a%2Fb%20c?x=1").unwrap(), id("a/b c"));
        assert_eq!(cancel("/V1/Events/Trigger/Tx-1/").unwrap(), id("Tx-1"));
        for bad in ["%ZZ", "a%2", "%", "%FF"] {
            let failure = cancel(&format!("/v1/events/trigger/{bad}")).unwrap_err();
            assert_eq!(failure.body()["message"], format!("Failed to decode param '{bad}'"));
        }
    }

    #[test]
    fn an_empty_parameter_matches_no_route() {
        for target in ["/v1/events/trigger/", "/v1/events/trigger//", "/v1//events/trigger/x", "*", ""] {
            assert_eq!(cancel(target).unwrap_err().status(), 404);
        }
    }
}
