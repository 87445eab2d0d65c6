//! One condition of a group.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::input::{ConditionError, Conditions, WebhookRequest};
use super::{field, online, previous_step};
use crate::js;

/// Evaluates single conditions.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'a> {
    pub(super) conditions: &'a Conditions<'a>,
    /// The root of templates and paths.
    pub(super) variables: &'a Value,
    /// The errors of values that were not rendered.
    pub(super) unrendered: &'a RefCell<Vec<String>>,
}

impl Evaluator<'_> {
    /// Whether a condition passes. One on something unknown does not; neither does a group.
    pub(super) fn passes(&self, child: &Value) -> Result<bool, ConditionError> {
        if child.is_null() {
            return Err(ConditionError::Thrown("Cannot read properties of null (reading 'on')".to_owned()));
        }
        let subscriber = self.conditions.subscriber.unwrap_or(&Value::Null);
        match child.get("on").and_then(Value::as_str) {
            Some("payload" | "subscriber" | "tenant") => field::passes(child, self.variables, self.value(child)),
            Some("webhook") => {
                let value = self.value(child);
                let response = self.call_webhook(child)?;
                let variables = response.map_or_else(|| json!({}), |body| json!({ "webhook": body }));
                field::passes(child, &variables, value)
            }
            Some("isOnline") => Ok(online::is_online(child, subscriber)),
            Some("isOnlineInLast") => Ok(online::is_online_in_last(child, subscriber, self.conditions.now)),
            Some("previousStep") => Ok(previous_step::passes(child, self.conditions.previous)),
            _ => Ok(false),
        }
    }

    /// The value of a condition, rendered as a template. `None` is `undefined`.
    fn value(&self, child: &Value) -> Option<String> {
        let rendered = match child.get("value") {
            Some(Value::String(template)) => {
                teleflow_template::render(template, self.variables).map_err(|error| error.to_string())
            }
            None | Some(Value::Null) => Err("Bad Request Exception".to_owned()),
            Some(other) => Err(format!(
                "You must pass a string or Handlebars AST to Handlebars.compile. You passed {}",
                js::to_text(other)
            )),
        };
        rendered.map_err(|error| self.unrendered.borrow_mut().push(error)).ok().map(|rendered| rendered.text)
    }

    /// The body of the webhook's response. `None` if the condition has no URL.
    fn call_webhook(&self, child: &Value) -> Result<Option<Value>, ConditionError> {
        let Some(url) = child.get("webhookUrl").and_then(Value::as_str).filter(|url| !url.is_empty()) else {
            return Ok(None);
        };
        let stored = self.conditions.subscriber;
        let mut body = json!({
            "subscriber": self.variables.get("subscriber").or(stored),
            "identifier": self.conditions.identifier,
            "channel": self.conditions.channel,
        });
        if let (Some(payload), Some(body)) = (self.variables.get("payload"), body.as_object_mut()) {
            body.insert("payload".to_owned(), payload.clone());
        }
        let error = match (self.conditions.webhook)(&WebhookRequest { url, body }) {
            Ok(response) if (200..300).contains(&response.status) => return Ok(Some(response.body)),
            Ok(response) => format!("Request failed with status code {}", response.status),
            Err(error) => error,
        };
        let message = json!({ "message": error, "data": "Exception while performing webhook request." });
        Err(ConditionError::Webhook(message.to_string()))
    }
}
