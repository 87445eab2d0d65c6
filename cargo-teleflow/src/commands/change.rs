//! A difference between the catalog and the server.

/// A difference between two versions of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The kind of change, for programs.
    pub(crate) what: &'static str,
    /// The code may need a change. Otherwise the change is only for information.
    pub(crate) is_drift: bool,
    pub(crate) variable: Option<String>,
    pub(crate) message: String,
}
