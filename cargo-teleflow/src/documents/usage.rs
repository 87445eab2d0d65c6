//! How templates, conditions and lists of the server use a variable.

use super::path::Segment;

/// A variable that a template reads, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) root: Root,
    /// The path from the root.
    pub(super) path: Vec<Segment>,
    pub(super) evidence: Evidence,
}

/// The object that a path starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    Payload,
    /// The payload of an event that a digest has collected.
    Collected,
    Actor,
    Tenant,
}

/// The evidence about a variable from one usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The server rejects events without it.
    Required(DeclaredType),
    /// The server lists it.
    Listed(DeclaredType),
    /// A template renders it.
    Rendered,
    /// A template tests whether it is set.
    Tested,
    /// A template iterates over it.
    Iterated,
    /// A template looks up a computed key in it.
    ComputedKey,
    /// It is used in another way, for example as the argument of a helper.
    Used,
}

/// The type that the server's lists give a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DeclaredType {
    /// None, or one that is not listed here.
    Unknown,
    String,
    Array,
    Boolean,
}
