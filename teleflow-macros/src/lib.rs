//! The derives `TeleflowWorkflow` and `TeleflowPayload`.
//!
//! Each has three stages, and each stage is a function of the one before: `parse` reads tokens, `check` reports all errors
//! at once, `expand` generates code and cannot fail.

// A module imports only from those below it.
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

/// Makes a struct the payload of a workflow.
///
/// The struct needs named fields and serde's `Serialize`. The JSON that serde generates is the payload.
///
/// Keys of the struct:
///
/// | key | meaning |
/// | --- | --- |
/// | `trigger = "order-shipped"` | The workflow's trigger identifier. Required. It must not be blank, contain a control character, or start or end with whitespace. |
/// | `transaction_id = "order-{order_id}"` | The template of the transaction id. `{field}` is a field of the struct by its Rust name, formatted with `Display`; `{{` and `}}` are literal braces. The id is a UUID computed from the trigger, each piece of the template, the tenant and the recipients; `Sending::transaction_id()` returns it. The server drops a second event with the same id without an error. An event whose template fields are all blank is `Invalid`. |
/// | `omit("nickname", "items[].note")` | Variables that templates read and that you leave out on purpose; also `"actor"` and `"tenant"`. A variable that the server requires cannot be omitted. |
/// | `address("email")` | Allows `email`, `phone` or `webhookUrl` from a flattened field or from serde's `into`; see the field's key `address`. Without it, the event is `Invalid`. |
/// | `shadowed("step")` | Allows a name from a flattened field or from serde's `into`; see the field's key `shadowed`. Without it, the event is `Invalid`. |
/// | `catalog = "path/to/folder"` | The catalog's folder, relative to the folder of the package. |
/// | `unchecked` | Does not check the struct against the catalog. |
/// | `crate = "path::to::teleflow"` | The path of the library, if it is not `::teleflow`. |
///
/// Keys of a field. The field remains part of the payload unless serde skips it:
///
/// | key | meaning |
/// | --- | --- |
/// | `to` | The field names the recipients, so `order.send(&client)` works, and `order.event()` for a bulk, a request or more settings. `.to(..)` overrides it. |
/// | `actor` | The field names the actor; it may be an `Option`. `.actor(..)` overrides it. |
/// | `tenant` | The field names the tenant; it may be an `Option`. `.tenant(..)` overrides it. |
/// | `address` | Allows a variable `email`, `phone` or `webhookUrl`. The server sends to this address *instead of* the subscriber's own. |
/// | `shadowed` | Allows a variable that the server replaces in templates with its own value: `subscriber`, `step`, `branding`, `preheader`, or `actor` and `tenant` if the field does not name them. Only conditions and the in-app feed read the payload's value. |
/// | `sensitive` | The value is sent as it is, but shown as `"[redacted]"`: see below. |
/// | `kind = "string"` | How the field is serialized, if its type does not declare it: `string`, `number`, `integer`, `boolean`, `date` (the date at which a delay ends), `array`, `object` or `any`. |
///
/// A struct, a field or a name that the server would misread is a compile error.
///
/// # Sensitive values
///
/// `Request::to_curl`, and the failures, transcripts and lists of `teleflow-emulator`'s test kit, show `"[redacted]"` instead
/// of the value of a field with the key `sensitive`. Bulks, stored requests and the requests of a verdict keep the paths to
/// these values.
///
/// * If the field is flattened, everything is redacted but the struct's other fields that are always sent.
/// * A field of a type *inside* the payload needs `#[serde(serialize_with = "teleflow::sensitive")]`: only serde knows all
///   of these types. The struct's own fields need it too if the struct is a part of other payloads.
/// * A field that serde skips is not sent, so the key is an error there, as it is on a field that names the recipients, the
///   actor or the tenant: ids are always shown. Transaction ids are logged, so their template has no sensitive fields.
/// * Not redacted: recipients, overrides, a type that was converted to a `serde_json::Value` before, values that a test reads
///   from the emulator, and events that reach the emulator over HTTP.
///
/// # Checked against the workflow
///
/// `cargo teleflow pull` writes the variables of each workflow to `.teleflow/<trigger>.json`. Commit these files. If
/// there is such a folder, the compiler checks the struct against its workflow file:
///
/// * A variable that the workflow *requires* needs a field that is always sent (no `Option`, no `skip_serializing_if`) and
///   has its kind: a string or a number for a string, a `bool` for a boolean, an array for an array. The server
///   rejects anything else.
/// * A variable that a template only *reads* needs a field too, or the template is rendered with a gap. The field may be an
///   `Option`. A string accepts any scalar, an array also an object, a boolean any type. List the variables that you
///   leave out in `omit`.
/// * The same applies to the contents of objects and arrays. Their types implement
///   [`TeleflowPayload`](macro@crate::TeleflowPayload), as common types do; derive it for your own.
/// * The date at which a scheduled delay ends is a `DeliverAt`.
/// * If templates read an actor or a tenant, `send` does not compile before `.actor(..)` or `.tenant(..)`, unless a field
///   with that key is not an `Option`.
/// * If the server validates payloads with a JSON Schema, the struct must follow it: no `null`, no fraction for an
///   integer, no other fields, and no enum variants beyond those that the schema allows.
/// * A trigger that is not in the catalog is an error; a workflow that is switched off is a warning.
///
/// Not checked: fields that the workflow does not read; the values and the names in a map; the elements of tuples; the
/// cases in the docs of `TeleflowPayload`; and, without a `kind`, the value of a field whose type names a type parameter or
/// that has serde's `with` or `serialize_with`. Primitives, `String`, `Option`, `Vec` and `Box` are recognized by
/// name, so your own type must not have one of these names. All other types, aliases included, are resolved by the compiler.
///
/// The folder is searched from the package's folder upwards, as far as the workspace root. The environment variable
/// `TELEFLOW_CATALOG` names another folder, relative to the workspace root; it does not apply to dependencies from outside
/// the workspace. Without a folder nothing is checked, so a published crate is unchecked unless its package contains the
/// folder. The macro uses no network. Cargo does not notice a folder that did not exist before: `pull` triggers a rebuild,
/// and so does a change in any source file of the package.
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

/// Declares how serde serializes a type, so that payloads with this type can be checked against their workflows.
///
/// For structs and enums that derive serde's `Serialize`. The derive interprets serde's attributes as serde does: renamed
/// and skipped fields, `transparent`, `into`, the four representations of enums. A field of an enum counts as always sent
/// if every variant serializes it. Its type is checked if it is the same in all variants.
///
/// The types of the fields implement `TeleflowPayload` too, or have a `kind`. A type that names a type parameter need not
/// implement it, and is not checked.
///
/// Keys of the type:
///
/// | key | meaning |
/// | --- | --- |
/// | `kind = "string"` | How the type is serialized: for a `Serialize` that is handwritten or from another derive. |
/// | `crate = "path::to::teleflow"` | The path of the library, if it is not `::teleflow`. |
///
/// Keys of a field:
///
/// | key | meaning |
/// | --- | --- |
/// | `kind = "string"` | How the field is serialized, whatever its type; an `Option` may be `null`. |
/// | `sensitive` | The value is shown as `"[redacted]"`. Requires `#[serde(serialize_with = "teleflow::sensitive")]`, with which serde marks the value. |
///
/// A kind is `string`, `number`, `integer`, `boolean`, `date` (the date at which a delay ends), `array`, `object` or `any`.
///
/// The macro does not see the implementation of `Serialize`. If it is not serde's derive, the type needs a `kind`. The
/// exception is an enum without data that has an integer `repr` and no serde attribute, as for `serde_repr`: its shape is unknown.
///
/// A struct that derives `TeleflowWorkflow` may derive this trait too, to be part of other payloads. Its keys are those of
/// `TeleflowWorkflow`.
///
/// Not checked without a `kind`:
///
/// * a field with serde's `with` or `serialize_with`, except `teleflow::as_string` and `teleflow::sensitive`;
/// * names from a flattened field, or from the type inside a variant of an enum with a `tag`;
/// * an enum whose variants have different shapes;
/// * the field of a newtype or of a `transparent` type, or the type in `into`, if it names a type parameter.
///
/// A reserved key and a duplicate name are compile errors, also as an enum's `tag`, its `content` or the name of a variant.
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
