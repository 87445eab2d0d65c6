//! Values that are JSON already.

use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::{Form, TeleflowPayload, Values, written_as};

written_as!(Unknown: Value, RawValue);
written_as!(Number: Number);

#[diagnostic::do_not_recommend]
impl TeleflowPayload for Map<String, Value> {
    const FORM: Form = Form::Map;
    type Element = Value;
    type Object = Values<Value>;
}
