//! The types of `serde_json`.

use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::{MapOf, Shape, TeleflowPayload, serialized_as};

serialized_as!(Unknown: Value, RawValue);
serialized_as!(Number: Number);

#[diagnostic::do_not_recommend]
impl TeleflowPayload for Map<String, Value> {
    const SHAPE: Shape = Shape::Map;
    type Element = Value;
    type Object = MapOf<Value>;
}
