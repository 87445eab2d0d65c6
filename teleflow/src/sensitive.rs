//! `sensitive`: marks a value while serde serializes it.

use serde::{Serialize, Serializer};

use crate::json;

/// Marks a field of a type inside a payload as sensitive, with `#[serde(serialize_with = "teleflow::sensitive")]`.
///
/// [`Request::to_curl`](crate::Request::to_curl) and the test kit show `"[redacted]"` instead of the value. The JSON that is
/// sent is the same as without it. It works in every type that serde serializes into a payload: in lists, maps, options and
/// enums, also in types that do not derive [`TeleflowPayload`](macro@crate::TeleflowPayload), and in the payload of an
/// untyped event. The struct of a workflow marks its own fields with `#[teleflow(sensitive)]`.
///
/// serde does not pass the mark on from a field that it flattens, from the only field of a variant of an enum with a `tag`,
/// or from the key of a map. Then the whole payload is shown as `"[redacted]"`.
///
/// **A [`serde_json::Value`] has no marks.** A value that `json!` or `to_value` converted before the event was built is shown.
/// So is the data of subscribers and tenants.
///
/// # Errors
///
/// The errors of the serializer.
///
/// ```
/// use serde::Serialize;
/// use teleflow::Event;
///
/// #[derive(Serialize)]
/// struct Card<'a> {
///     holder: &'a str,
///     #[serde(serialize_with = "teleflow::sensitive")]
///     number: &'a str,
/// }
///
/// let cards = [Card { holder: "Ada", number: "4000 1234" }];
/// let payload = std::collections::BTreeMap::from([("cards", &cards)]);
/// let request = Event::untyped("card-added", payload).to("ada").into_request()?;
/// assert!(request.to_curl().contains(r#""cards":[{"holder":"Ada","number":"[redacted]"}]"#));
/// # Ok::<(), teleflow::Error>(())
/// ```
pub fn sensitive<T: Serialize + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    json::mark(value, serializer)
}
