//! Hosts that are the machine itself.

use std::net::IpAddr;

/// Returns whether a host, as written in a URL, is the machine itself.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    // RFC 6761 resolves names below `localhost` to loopback addresses, too.
    name == "localhost"
        || name.ends_with(".localhost")
        // A connection to the unspecified address (`0.0.0.0`, `::`) reaches the machine itself.
        || address.is_ok_and(|address| address.to_canonical().is_loopback() || address.to_canonical().is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn loopback_hosts() {
        for host in ["localhost", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["0.0.0.0", "[::]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["x.test", "notlocalhost", "localhost.test", "10.0.0.1", "[2001:db8::1]", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
