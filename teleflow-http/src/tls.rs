//! TLS by rustls, with ring and the platform's certificates.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

pub use rustls::ClientConfig;
use rustls::{ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::base_url::BaseUrl;

/// An error in the TLS set-up.
#[derive(Debug)]
pub struct TlsError {
    /// The problem and how to fix it. `Display` prints only this.
    pub message: &'static str,
    /// The cause.
    pub source: rustls::Error,
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl Error for TlsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

/// Builds the configuration for requests to `base`. It does not depend on a default of the process.
///
/// # Errors
///
/// If `base` is `https://` and the platform has no CA certificates.
pub fn config(base: &BaseUrl) -> Result<ClientConfig, TlsError> {
    let message = "no CA certificates were found, so `https://` cannot be used; install the system's certificates, or \
                   set `SSL_CERT_FILE` or `SSL_CERT_DIR`";
    match verified(message) {
        // `http://` needs no certificates. Proxies that speak TLS do, and fail when they are used.
        Err(_) if !base.is_https() => {
            Ok(versions()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
        }
        result => result,
    }
}

/// Builds a configuration that verifies certificates with those of the platform. `message` is the error without any.
///
/// # Errors
///
/// If the platform has no CA certificates.
pub fn verified(message: &'static str) -> Result<ClientConfig, TlsError> {
    let config = versions()?.with_platform_verifier().map_err(|source| TlsError { message, source })?;
    Ok(config.with_no_client_auth())
}

fn versions() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, TlsError> {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|source| TlsError { message: "failed to initialize TLS", source })
}
