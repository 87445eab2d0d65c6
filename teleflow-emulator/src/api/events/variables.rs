//! Checks that the payload has the required variables of the workflow, and collects the defaults.
// Source: `verify-payload.usecase.ts`, `verify-payload.service.ts`.

use serde_json::Value;

use crate::api::response::Failure;
use crate::database::definition::Step;
use crate::js;
use crate::validation::variables;

/// Checks the payload against all steps, active or not, and returns the defaults to merge it into.
///
/// The server keeps only the defaults of the last step.
pub(crate) fn verify(steps: &[Step], payload: &Value) -> Result<Value, Failure> {
    let mut missing = Vec::new();
    for step in steps {
        missing.extend(variables::missing(step.variables(), payload));
        if step.is_scheduled() {
            missing.extend(missing_date(step, payload)?);
        }
    }
    if !missing.is_empty() {
        return Err(Failure::bad_request(variables::missing_message(&missing)));
    }
    Ok(Value::Object(steps.last().map(|step| variables::defaults(step.variables())).unwrap_or_default()))
}

/// Checks the date of a scheduled delay. `delayPath` is a key of the payload, not a path.
fn missing_date(step: &Step, payload: &Value) -> Result<Option<String>, Failure> {
    let path = step.delay_path().ok_or_else(|| Failure::bad_request("Delay path is required for scheduled delay"))?;
    // The server checks only that the key exists, and calls `match` on its value.
    let is_date = match js::property(payload, path).as_deref() {
        None => false,
        Some(Value::String(text)) => contains_date(text),
        Some(Value::Null) => {
            return Err(Failure::Thrown("Cannot read properties of null (reading 'match')".to_owned()));
        }
        Some(_) => {
            return Err(Failure::Thrown("delayDate.match is not a function".to_owned()));
        }
    };
    Ok((!is_date).then(|| format!("{path} (ISO Date)")))
}

/// Whether the text contains `0000-00-00T00:00:00?000Z` with any digits, and any character for `?`.
fn contains_date(text: &str) -> bool {
    const FORMAT: &[u8] = b"0000-00-00T00:00:00.000Z";
    let characters: Vec<char> = text.chars().collect();
    characters.windows(FORMAT.len()).any(|window| {
        window.iter().zip(FORMAT).all(|(character, expected)| match expected {
            b'0' => character.is_ascii_digit(),
            b'.' => !matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}'),
            exact => *character == char::from(*exact),
        })
    })
}
