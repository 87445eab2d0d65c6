//! Attachments: the server stores their bytes and replaces them in the payload with a path.
//!
//! Source: `parse-event-request.usecase.ts` of the server. The emulator drops the bytes.

use serde_json::Value;
use uuid::Uuid;

use crate::api::response::Failure;
use crate::database::store::ApiKey;

/// Replaces the bytes in `payload.attachments` with paths, if that is an array.
pub(crate) fn store(payload: &mut Value, caller: &ApiKey) -> Result<(), Failure> {
    let Some(Value::Array(attachments)) = payload.get_mut("attachments") else {
        return Ok(());
    };
    for attachment in attachments {
        if attachment.is_null() {
            return Err(Failure::Thrown("Cannot read properties of null (reading 'file')".to_owned()));
        }
        check_file(attachment.get("file"))?;
        if let Value::Object(fields) = attachment {
            fields.shift_remove("file");
            let name = fields.get("name").and_then(Value::as_str).unwrap_or("undefined");
            let path = format!("{}/{}/{}/{name}", caller.organization_id, caller.environment_id, Uuid::new_v4());
            fields.insert("storagePath".to_owned(), path.into());
        }
    }
    Ok(())
}

/// Checks the type as `Buffer.from` does, which accepts invalid base64.
fn check_file(file: Option<&Value>) -> Result<(), Failure> {
    let received = match file {
        None => "undefined".to_owned(),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(flag)) => format!("type boolean ({flag})"),
        Some(Value::Number(number)) => format!("type number ({number})"),
        Some(Value::String(_) | Value::Array(_)) => return Ok(()),
        Some(Value::Object(fields)) => {
            if fields.get("data").is_some_and(Value::is_array) || fields.contains_key("length") {
                return Ok(());
            }
            "an instance of Object".to_owned()
        }
    };
    Err(Failure::Thrown(format!(
        "The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like \
         Object. Received {received}"
    )))
}
