//! The derive macro of the `teleflow` crate.
