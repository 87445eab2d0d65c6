//! Injected faults: what goes wrong, and for which requests.

// A module imports only from those below it.
pub(crate) mod plan;
pub(crate) mod random;
pub(crate) mod fault;
pub(crate) mod reply;
