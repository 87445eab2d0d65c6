//! Whether a client sends broadcasts.

/// Whether a client sends broadcasts, for [`ClientBuilder::broadcasts`](crate::ClientBuilder::broadcasts).
///
/// ```
/// use teleflow::{Broadcasts, Client};
///
/// let client = Client::builder().api_key("my-api-key").broadcasts(Broadcasts::Refused).build()?;
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Broadcasts {
    /// Broadcasts are sent.
    #[default]
    Allowed,
    /// A broadcast fails with [`ErrorKind::Invalid`](crate::ErrorKind::Invalid), and nothing is sent.
    Refused,
}

impl Broadcasts {
    /// The variable of the environment that [`ClientBuilder::with_env`](crate::ClientBuilder::with_env) reads.
    pub(crate) const VARIABLE: &str = "TELEFLOW_BROADCASTS";

    /// Reads a value of the variable. `None` if it is not a valid one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "allowed" => Some(Self::Allowed),
            "refused" => Some(Self::Refused),
            _ => None,
        }
    }
}
