//! How serde writes a type: what the types of a payload's fields tell the compiler, so that it can hold them against
//! the workflow.

pub use teleflow_catalog::{Form, Name};

/// A type that can stand in a payload, and says how serde writes it.
///
/// Implemented for the types of the standard library, for those of this crate, behind features for those of other
/// crates, and by `#[derive(TeleflowPayload)]`. Where no catalog is at hand, nothing asks for it.
#[diagnostic::on_unimplemented(
    message = "it is not known how serde writes a `{Self}`, so that it cannot be held against the workflow",
    label = "derive `teleflow::TeleflowPayload` for `{Self}`, or say it here: `#[teleflow(kind = \"string\")]`"
)]
pub trait TeleflowPayload {
    /// The form of every value, but for `null`.
    #[doc(hidden)]
    const FORM: Form;
    /// A value may be `null`.
    #[doc(hidden)]
    const OPTIONAL: bool = false;
    /// The type's name.
    #[doc(hidden)]
    const NAME: &'static str = "";
    /// Of an object: the names in it, in the order of [`FieldAt`].
    #[doc(hidden)]
    const FIELDS: &'static [Name<'static>] = &[];
    /// Of a list: the type of its elements.
    #[doc(hidden)]
    type Element: ?Sized;
    /// Of an object: what has the types of its fields.
    #[doc(hidden)]
    type Object: ?Sized;
}

/// The type of an object's field: that of the name with this index, and [`Unknown`] for the index after the last.
#[doc(hidden)]
pub trait FieldAt<const INDEX: usize> {
    /// The field's type.
    type Type: ?Sized;
}

/// A type of which nothing is known.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Unknown {}

#[diagnostic::do_not_recommend]
impl TeleflowPayload for Unknown {
    const FORM: Form = Form::Unknown;
    type Element = Unknown;
    type Object = Unknown;
}

#[diagnostic::do_not_recommend]
impl<const INDEX: usize> FieldAt<INDEX> for Unknown {
    type Type = Unknown;
}
