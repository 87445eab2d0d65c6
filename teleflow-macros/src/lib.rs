//! `#[derive(TeleflowWorkflow)]`: three stages, each a function of the one before.
//! `#[derive(TeleflowPayload)]`, in `payload`, has three of its own.
//!
//! ```text
//! syntax::parse   tokens → what the author wrote     (spans kept, nothing decided)
//! check::check    written → what it means            (every complaint at once)
//! expand::expand  meaning → tokens                   (cannot fail)
//! ```
//!
//! A module imports only modules listed below it.

#[cfg(test)]
mod tests;

mod payload;
mod workflow;
mod attr;
mod syntactic_type;
mod library;
mod tokens;
mod errors;

use proc_macro::TokenStream;
use syn::DeriveInput;

/// Ties a payload to the workflow that it triggers.
///
/// The struct has named fields and derives serde's `Serialize`: what serde writes is the payload, untouched.
///
/// Keys of the struct:
///
/// | key | meaning |
/// | --- | --- |
/// | `trigger = "order-shipped"` | The workflow's trigger identifier. Required. Any text that is not empty and has no control character and no space at its ends. |
/// | `transaction_id = "order-{order_id}"` | The pieces of the transaction id. `{field}` is a field of the struct by its Rust name, formatted with `Display`; `{{` and `}}` are braces. The id is not this text: it is a UUID computed from the trigger, each piece of this text, the tenant and the recipients; read it with `Sending::transaction_id()`. The server drops a second event with the same id, and reports no error. An event whose fields are all blank is `Invalid`. |
/// | `omit("nickname", "items[].note")` | Variables that templates read and that are left out on purpose; `"actor"` and `"tenant"` too. Not possible for what the server requires. |
/// | `address("email")` | Allows `email`, `phone` or `webhookUrl` from a flattened field or serde's `into`; see the field's key `address`. A name that is not listed makes the event `Invalid`. |
/// | `shadowed("step")` | Allows a name of the field's key `shadowed` from a flattened field or serde's `into`. A name that is not listed makes the event `Invalid`. |
/// | `catalog = "path/to/folder"` | Where the catalog is, seen from the folder of the package. |
/// | `unchecked` | The struct is not held against the catalog. |
/// | `crate = "path::to::teleflow"` | Where the library is found, if not at `::teleflow`. |
///
/// Keys of a field. It stays a part of the payload unless serde skips it:
///
/// | key | meaning |
/// | --- | --- |
/// | `to` | The field names the recipients, so that the value can be sent with `order.send(&client)`. A recipient given to `.to(..)` wins over it. |
/// | `actor` | The field names the actor; in an `Option`, perhaps. `.actor(..)` wins over it. |
/// | `tenant` | The field names the tenant; in an `Option`, perhaps. `.tenant(..)` wins over it. |
/// | `address` | The variable `email`, `phone` or `webhookUrl` is meant as an address: the server sends there *instead of* to the subscriber's own. Without this key, such a variable is an error. |
/// | `shadowed` | The variable has a name that the server gives a value of its own in templates, which hides this one: `subscriber`, `step`, `branding`, `preheader`, or `actor` and `tenant` where the field does not name them. Only conditions and the in-app feed use the payload's. Without this key, such a variable is an error. |
/// | `kind = "string"` | How the field is serialized, where its type does not say so: `string`, `number`, `integer`, `boolean`, `date` (the date at which a delay ends), `array`, `object` or `any`. |
///
/// A field, a struct or a name that the server would misunderstand is an error where it is written.
///
/// # Checked against the workflow
///
/// `cargo teleflow pull` writes what the server knows of each workflow to `.teleflow/<trigger>.json`, to be committed.
/// Where there is such a folder, the struct is held against its workflow's file while it compiles:
///
/// * A variable that the workflow *requires* has a field, which is always sent (no `Option`, no `skip_serializing_if`)
///   and is of its kind: for a String a text or a number, for a Boolean a `bool`, for an Array a list. The server
///   refuses anything else.
/// * A variable that a template only *reads* has a field, too, or the template is rendered with a hole. It may be an
///   `Option`; a String takes any scalar, and a Boolean a value of any type. List what you leave out on purpose in `omit`.
/// * The same holds for what is inside objects and lists. Types take part by
///   [`TeleflowPayload`](macro@crate::TeleflowPayload), which the library implements for common ones; derive it for
///   your own.
/// * The moment at which a scheduled delay ends is a `DeliverAt`.
/// * Where templates read an actor or a tenant, `send` does not compile before `.actor(..)` or `.tenant(..)`, unless a
///   field whose type is not an `Option` has it.
/// * Where the server validates payloads with a JSON Schema, the struct follows it: no `null` where the schema does not
///   allow it, no number with a fraction for an integer, no fields that it forbids, and no enum with variants that it
///   does not list.
/// * A trigger that the catalog does not know is an error; a workflow that is switched off is a warning.
///
/// Not checked: fields beyond those of the workflow; of a field whose type names a type parameter, or that serde's
/// `with` or `serialize_with` writes, anything but that it is there, unless it has a `kind`; what a map holds under a
/// name, and which names it has; the elements of tuples; and what the docs of `TeleflowPayload` list. Primitives,
/// `String`, `Option`, `Vec` and `Box` are known by their names: a type of your own that is called so is taken for
/// theirs. All other types, aliases included, are known by what they are.
///
/// The folder is looked for from the package's own upwards, as far as the root of its workspace. The environment variable
/// `TELEFLOW_CATALOG` names another, seen from there; it does not apply to dependencies from outside the workspace. Without
/// a folder nothing is checked, so a published crate is unchecked unless its package has the folder inside. There is no
/// network in this. Cargo does not see a folder that was not there before: `pull` makes it look again, and so does a
/// change of any source of the package.
///
/// # Examples
///
/// ```ignore
#[doc = include_str!("../docs/every_key.rs")]
/// ```
#[proc_macro_derive(TeleflowWorkflow, attributes(teleflow))]
pub fn derive_workflow(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    let mut output = workflow::derive(&input);
    output.extend(workflow::tracked_variable());
    output.into()
}

/// Describes how serde writes a type inside payloads, so that these can be checked against their workflows.
///
/// For structs and enums that derive serde's `Serialize`. It reads serde's attributes as serde does: names, what is
/// skipped, `transparent`, `into`, the four forms of enums. Of an enum it says what holds for all variants: a name
/// is sure to be there if every variant writes it, and has a type if it is the same in all.
///
/// The types of fields are `TeleflowPayload`, too, or have a `kind`; those that name a parameter of the type need not be,
/// and are not checked in themselves.
///
/// Keys of the type:
///
/// | key | meaning |
/// | --- | --- |
/// | `kind = "string"` | How the whole is serialized, whatever it is made of: for a handwritten `Serialize`, or one of another derive. |
/// | `crate = "path::to::teleflow"` | Where the library is found, if not at `::teleflow`. |
///
/// The key of a field:
///
/// | key | meaning |
/// | --- | --- |
/// | `kind = "string"` | How the field is serialized, whatever its type; an `Option` may be `null`. |
///
/// A kind is `string`, `number`, `integer`, `boolean`, `date` (the date at which a delay ends), `array`, `object` or `any`.
///
/// A macro cannot see how `Serialize` is implemented. A type whose `Serialize` is not derived from serde's attributes needs
/// a `kind`; only of an enum without data that has a `repr` of integers and no attribute of serde, as `serde_repr` takes
/// it, nothing is assumed.
///
/// A struct that derives `TeleflowWorkflow` may derive this too, to be a part of other payloads. Its keys are those of
/// `TeleflowWorkflow`.
///
/// What is not checked, unless a `kind` says what it is:
///
/// * a field with serde's `with` or `serialize_with`, other than `teleflow::as_string`;
/// * names that come from a flattened field, or from the type inside a variant of an enum with a `tag`;
/// * an enum that is written now in one form, now in another;
/// * the field of a newtype or of a `transparent` type, or the type in `into`, if it names a type parameter.
///
/// A reserved key and a name that is sent twice are errors where they are written, also as an enum's `tag`, its `content`
/// or the name of a variant.
///
/// # Examples
///
/// ```ignore
#[doc = include_str!("../docs/payload.rs")]
/// ```
#[proc_macro_derive(TeleflowPayload, attributes(teleflow))]
pub fn derive_payload(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    payload::derive(&input).into()
}
