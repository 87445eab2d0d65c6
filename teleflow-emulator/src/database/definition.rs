//! A stored workflow: its document, and the parts of it that the emulator reads.

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use super::channel::Channel;
use super::message_template::{MessageTemplate, Variable};
use crate::js;

/// A workflow with the JSON that `GET /v1/workflows/:id` returns.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    document: Value,
    parts: Parts,
}

#[derive(Debug, Clone, Deserialize)]
struct Parts {
    #[serde(default)]
    active: bool,
    #[serde(default)]
    deleted: bool,
    /// Whether messages are sent whatever the subscriber prefers.
    #[serde(default)]
    critical: bool,
    triggers: Vec<Trigger>,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Trigger {
    identifier: String,
    #[serde(default)]
    reserved_variables: Vec<ReservedVariable>,
}

#[derive(Debug, Clone, Deserialize)]
struct ReservedVariable {
    r#type: String,
}

/// One step of a workflow.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    #[serde(default)]
    pub(crate) active: bool,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) uuid: Option<String>,
    #[serde(default)]
    pub(crate) should_stop_on_fail: bool,
    /// The conditions, as the server stores them.
    #[serde(default)]
    pub(crate) filters: Value,
    #[serde(default)]
    pub(crate) variants: Vec<Variant>,
    #[serde(default)]
    pub(crate) reply_callback: Option<ReplyCallback>,
    #[serde(default)]
    metadata: Option<Metadata>,
    #[serde(default)]
    pub(crate) template: Option<MessageTemplate>,
}

/// When a delay or a digest step ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) r#type: Option<String>,
    delay_path: Option<String>,
    #[serde(default, deserialize_with = "null_as_zero")]
    amount: Value,
    unit: Option<String>,
    #[serde(default)]
    backoff: Value,
    #[serde(default)]
    backoff_amount: Value,
    backoff_unit: Option<String>,
    digest_key: Option<String>,
    /// At which times a timed digest ends.
    #[serde(default)]
    pub(crate) timed: Value,
}

/// A missing amount is not a number, but `null` is zero.
fn null_as_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let amount = Value::deserialize(deserializer)?;
    Ok(if amount.is_null() { 0.into() } else { amount })
}

/// Another template for a step, which is used if its conditions pass.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Variant {
    #[serde(default)]
    pub(crate) active: bool,
    #[serde(default)]
    pub(crate) filters: Value,
    #[serde(rename = "_templateId", default)]
    pub(crate) template_id: Option<String>,
    /// The template, as `GET /v1/workflows/:id` inserts it.
    #[serde(default)]
    pub(crate) template: Option<MessageTemplate>,
}

/// Whether replies to an e-mail are sent to a URL.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ReplyCallback {
    #[serde(default)]
    pub(crate) active: bool,
    #[serde(default)]
    pub(crate) url: Option<String>,
}

impl Definition {
    /// Reads a document.
    pub(crate) fn new(document: Value) -> Result<Self, serde_json::Error> {
        let parts = Parts::deserialize(&document)?;
        for (index, step) in parts.steps.iter().enumerate() {
            check_kind(index, step.kind())?;
        }
        Ok(Self { document, parts })
    }

    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.document.get("_id")?.as_str()
    }

    pub(crate) fn identifiers(&self) -> impl Iterator<Item = &str> {
        self.parts.triggers.iter().map(|trigger| trigger.identifier.as_str())
    }

    pub(crate) fn has_identifier(&self, identifier: &str) -> bool {
        self.identifiers().any(|other| other == identifier)
    }

    pub(crate) fn is_active(&self) -> bool {
        self.parts.active
    }

    pub(crate) fn is_critical(&self) -> bool {
        self.parts.critical
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.parts.deleted
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.parts.steps
    }

    /// `tenant` and `actor`, if the templates use their variables.
    pub(crate) fn reserved_variables(&self) -> impl Iterator<Item = &str> {
        let first = self.parts.triggers.first();
        first.into_iter().flat_map(|trigger| &trigger.reserved_variables).map(|reserved| reserved.r#type.as_str())
    }
}

/// Step types of the server that are not channels. A step of the last two sends nothing here.
// Source: `StepTypeEnum`.
const OTHER_KINDS: [&str; 5] = ["digest", "delay", "trigger", "custom", "chimera"];

/// Refuses a step type that the server does not have. An empty one is missing.
fn check_kind(index: usize, kind: &str) -> Result<(), serde_json::Error> {
    if kind.is_empty() || Channel::from_name(kind).is_some() || OTHER_KINDS.contains(&kind) {
        return Ok(());
    }
    let channels = Channel::ALL.iter().map(|channel| channel.name());
    let known: Vec<String> = channels.chain(OTHER_KINDS).map(|kind| format!("`{kind}`")).collect();
    let kind = kind.escape_debug();
    let message = format!("`steps[{index}].template.type` is `{kind}`; expected {}", known.join(", "));
    Err(de::Error::custom(message))
}

impl Step {
    /// `in_app`, `email`, `delay`, `digest`, …
    pub(crate) fn kind(&self) -> &str {
        self.template.as_ref().and_then(|template| template.r#type.as_deref()).unwrap_or_default()
    }

    /// The channel of the step, if it sends messages.
    pub(crate) fn channel(&self) -> Option<Channel> {
        Channel::from_name(self.kind())
    }

    pub(crate) fn variables(&self) -> &[Variable] {
        self.template.as_ref().map(|template| template.variables.as_slice()).unwrap_or_default()
    }

    pub(crate) fn metadata(&self) -> Option<&Metadata> {
        self.metadata.as_ref()
    }

    /// The type of a delay or digest: `regular`, `scheduled`, `timed`, `backoff`.
    pub(crate) fn timing(&self) -> Option<&str> {
        self.metadata.as_ref()?.r#type.as_deref()
    }

    /// Whether this is a delay until a date in the payload.
    pub(crate) fn is_scheduled(&self) -> bool {
        self.kind() == "delay" && self.timing() == Some("scheduled")
    }

    /// The duration of a delay or digest, as an amount and a unit.
    pub(crate) fn amount(&self) -> (&Value, Option<&str>) {
        let metadata = self.metadata.as_ref();
        metadata.map_or((&Value::Null, None), |metadata| (&metadata.amount, metadata.unit.as_deref()))
    }

    pub(crate) fn has_conditions(&self) -> bool {
        self.filters.as_array().is_some_and(|groups| !groups.is_empty())
    }

    /// Whether there is a condition on the response of a webhook.
    pub(crate) fn has_webhook(&self) -> bool {
        let groups = self.filters.as_array().into_iter().flatten();
        let children = groups.filter_map(|group| group.get("children")?.as_array()).flatten();
        children.filter_map(|child| child.get("on")?.as_str()).any(|on| on == "webhook")
    }

    pub(crate) fn has_amount_and_unit(&self) -> bool {
        let (amount, unit) = self.amount();
        js::truthy(amount) && unit.is_some_and(|unit| !unit.is_empty())
    }

    /// For a digest that starts with the second event: the longest time between the first event and the second.
    pub(crate) fn backoff(&self) -> Option<(&Value, Option<&str>)> {
        let metadata = self.metadata.as_ref()?;
        let has_backoff = metadata.r#type.as_deref() == Some("backoff") || metadata.backoff == Value::Bool(true);
        has_backoff.then_some((&metadata.backoff_amount, metadata.backoff_unit.as_deref()))
    }

    /// The path in the payload of the value that separates the digests of a step.
    pub(crate) fn digest_key(&self) -> Option<&str> {
        self.metadata.as_ref()?.digest_key.as_deref().filter(|key| !key.is_empty())
    }

    /// The payload key of the date of a scheduled delay.
    pub(crate) fn delay_path(&self) -> Option<&str> {
        self.metadata.as_ref()?.delay_path.as_deref().filter(|path| !path.is_empty())
    }
}
