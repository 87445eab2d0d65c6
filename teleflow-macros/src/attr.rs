//! The attributes that both derives read: `#[teleflow(…)]` and serde's.

// A module imports only from those below it.
pub(crate) mod teleflow_attrs;
pub(crate) mod attr_keys;
pub(crate) mod wire_names;
pub(crate) mod serde_attrs;
pub(crate) mod meta_item;
pub(crate) mod case;
