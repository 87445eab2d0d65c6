//! Attachments: their bytes go to a store, and only a path stays in the payload.
//!
//! Source: `parse-event-request.usecase.ts` of the server. The emulator keeps no bytes.

use serde_json::Value;
use uuid::Uuid;

use crate::api::response::Failure;
use crate::database::store::ApiKey;

/// Takes the bytes out of `payload.attachments`, where that is a list.
pub(crate) fn store(payload: &mut Value, caller: &ApiKey) -> Result<(), Failure> {
    let Some(Value::Array(attachments)) = payload.get_mut("attachments") else {
        return Ok(());
    };
    for attachment in attachments {
        if attachment.is_null() {
            return Err(Failure::Thrown("Cannot read properties of null (reading 'file')".to_owned()));
        }
        if let Some(received) = unreadable(attachment.get("file")) {
            return Err(Failure::Thrown(format!(
                "The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an \
                 Array-like Object. Received {received}"
            )));
        }
        if let Value::Object(fields) = attachment {
            fields.shift_remove("file");
            let name = fields.get("name").and_then(Value::as_str).unwrap_or("undefined");
            let path = format!("{}/{}/{}/{name}", caller.organization_id, caller.environment_id, Uuid::new_v4());
            fields.insert("storagePath".to_owned(), path.into());
        }
    }
    Ok(())
}

/// What `Buffer.from` says it received, where it cannot read it. Bad base64 it reads, as something else.
fn unreadable(file: Option<&Value>) -> Option<String> {
    match file {
        None => Some("undefined".to_owned()),
        Some(Value::Null) => Some("null".to_owned()),
        Some(Value::Bool(flag)) => Some(format!("type boolean ({flag})")),
        Some(Value::Number(number)) => Some(format!("type number ({number})")),
        Some(Value::String(_) | Value::Array(_)) => None,
        Some(Value::Object(fields)) => {
            let is_buffer = fields.get("data").is_some_and(Value::is_array) || fields.contains_key("length");
            (!is_buffer).then(|| "an instance of Object".to_owned())
        }
    }
}
