//! The steps of a workflow that is built in code.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Workflow, check_filters, merged};
use crate::database::channel::Channel;
use crate::database::environment::Environment;
use crate::misuse::misuse;

/// A step, as far as it differs from others.
#[derive(Debug, Clone, Default)]
pub(super) struct BuiltStep {
    kind: &'static str,
    metadata: Map<String, Value>,
    /// Fields of the step.
    fields: Map<String, Value>,
    /// Fields of its template.
    template: Map<String, Value>,
}

impl BuiltStep {
    pub(super) fn kind(&self) -> &str {
        self.kind
    }

    fn sends_message(&self) -> bool {
        !matches!(self.kind, "delay" | "digest")
    }
}

/// Steps, in the order in which they are added. Texts are Handlebars templates.
impl Workflow {
    /// Adds an e-mail with a subject and HTML, without a layout.
    ///
    /// ```
    /// use teleflow_emulator::Workflow;
    ///
    /// let workflow = Workflow::new("welcome")
    ///     .email("Welcome, {{subscriber.firstName}}!", "<p>You chose {{plan}}.</p>")
    ///     .preheader("Your first steps")
    ///     .layout("shop");
    /// ```
    pub fn email(self, subject: impl Into<String>, html: impl Into<String>) -> Self {
        let (subject, html): (String, String) = (subject.into(), html.into());
        self.channel_step("email", json!({ "contentType": "customHtml", "subject": subject, "content": html }))
    }

    /// Adds an SMS.
    pub fn sms(self, text: impl Into<String>) -> Self {
        let text: String = text.into();
        self.channel_step("sms", json!({ "content": text }))
    }

    /// Adds an in-app message.
    pub fn in_app(self, content: impl Into<String>) -> Self {
        let content: String = content.into();
        self.channel_step("in_app", json!({ "content": content }))
    }

    /// Adds a push message, for subscribers with a [device](crate::SubscriberRecord::device_token).
    pub fn push(self, title: impl Into<String>, text: impl Into<String>) -> Self {
        let (title, text): (String, String) = (title.into(), text.into());
        self.channel_step("push", json!({ "title": title, "content": text }))
    }

    /// Adds a chat message, for subscribers with a [webhook](crate::SubscriberRecord::chat_webhook).
    pub fn chat(self, text: impl Into<String>) -> Self {
        let text: String = text.into();
        self.channel_step("chat", json!({ "content": text }))
    }

    /// Adds a delay. Until it ends, the event can be cancelled. The server counts whole milliseconds; the rest is dropped.
    ///
    /// It ends by the emulator's clock:
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use teleflow::{Client, Event};
    /// use teleflow_emulator::{Emulator, StepOutcome, StepRecord, Workflow};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new();
    /// emulator.workflow(Workflow::new("reminder").delay(Duration::from_secs(60 * 60)));
    /// let client = Client::builder().transport(emulator.clone()).build()?;
    /// Event::untyped("reminder", serde_json::json!({})).to("ada").send(&client).await?;
    /// let outcomes = |emulator: &Emulator| emulator.notifications()[0].steps().map(StepRecord::outcome).collect::<Vec<_>>();
    /// assert_eq!(outcomes(&emulator), [StepOutcome::Waiting, StepOutcome::Pending]);
    ///
    /// emulator.advance(Duration::from_secs(60 * 60));
    /// assert_eq!(outcomes(&emulator), [StepOutcome::Completed, StepOutcome::Sent]);
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    pub fn delay(self, duration: Duration) -> Self {
        self.waiting_step("delay", regular(duration))
    }

    /// Adds a digest, which collects the events for a subscriber for this time. The server counts whole milliseconds; the
    /// rest is dropped. It refuses a digest of zero seconds.
    ///
    /// The next steps read the payloads of the events as `step.events`, and their number as `step.total_count`.
    pub fn digest(self, duration: Duration) -> Self {
        self.waiting_step("digest", regular(duration))
    }

    /// Adds a digest of the events that have the same value at this path of the payload.
    pub fn digest_by(self, path: impl Into<String>, duration: Duration) -> Self {
        let path: String = path.into();
        self.waiting_step("digest", merged(regular(duration), &json!({ "digestKey": path })))
    }

    /// Adds a delay until the date in this key of the payload.
    ///
    /// The server expects a date such as `2030-01-01T00:00:00.000Z`, with milliseconds. If the date is in the past, the
    /// delay is cancelled, and the steps after it stay pending. If the date does not exist, or is only a part of the string, the worker makes no
    /// notification.
    pub fn delay_until(self, payload_key: impl Into<String>) -> Self {
        self.waiting_step("delay", json!({ "type": "scheduled", "delayPath": payload_key.into() }))
    }

    /// Sets the preheader of the e-mail that was added last: the text that a mail program shows next to the subject. Only
    /// a layout shows it.
    ///
    /// # Panics
    ///
    /// Panics if the step that was added last is not an e-mail.
    #[track_caller]
    pub fn preheader(self, preheader: impl Into<String>) -> Self {
        let preheader: String = preheader.into();
        self.template_field("preheader", Channel::Email, "preheader", preheader.into())
    }

    /// Sets the name of the sender of the e-mail that was added last.
    ///
    /// # Panics
    ///
    /// Panics if the step that was added last is not an e-mail.
    #[track_caller]
    pub fn sender_name(self, name: impl Into<String>) -> Self {
        let name: String = name.into();
        self.template_field("sender_name", Channel::Email, "senderName", name.into())
    }

    /// Sets the [layout](crate::Emulator::layout) of the e-mail that was added last, by its identifier.
    ///
    /// # Panics
    ///
    /// Panics if the step that was added last is not an e-mail.
    #[track_caller]
    pub fn layout(self, identifier: impl Into<String>) -> Self {
        let identifier: String = identifier.into();
        self.template_field("layout", Channel::Email, "_layoutId", identifier.into())
    }

    /// Sets the link of the in-app message that was added last.
    ///
    /// # Panics
    ///
    /// Panics if the step that was added last is not an in-app message.
    #[track_caller]
    pub fn link(self, url: impl Into<String>) -> Self {
        let url: String = url.into();
        self.template_field("link", Channel::InApp, "cta", json!({ "type": "redirect", "data": { "url": url } }))
    }

    /// Sets the name of the step that was added last. Its messages have it as [`Message::step`](crate::Message::step).
    ///
    /// # Panics
    ///
    /// Panics if no step was added.
    #[track_caller]
    pub fn named(self, name: impl Into<String>) -> Self {
        let name: String = name.into();
        self.step_field("named", "name", name.into())
    }

    /// Sets the conditions of the step that was added last, as the server stores them: a list of groups, of which one has
    /// to pass. A list without groups always passes.
    ///
    /// The `value` of a group is `AND` or `OR`; its `children` are conditions. The key `on` of a condition says what it
    /// reads, and with it which other keys it has:
    ///
    /// | `on` | other keys |
    /// | --- | --- |
    /// | `payload`, `subscriber`, `tenant` | `field`, a path such as `order.total`; `operator`; `value` |
    /// | `webhook` | the same, with `webhookUrl`; [`Emulator::webhook`](crate::Emulator::webhook) sets the response |
    /// | `isOnline` | `value`, a boolean |
    /// | `isOnlineInLast` | `value`, a number; `timeOperator`: `minutes`, `hours` or `days` |
    /// | `previousStep` | `step`, the uuid of a step; `stepType`: `read`, `unread`, `seen` or `unseen` |
    ///
    /// The operators are `EQUAL`, `NOT_EQUAL`, `LARGER`, `SMALLER`, `LARGER_EQUAL`, `SMALLER_EQUAL`, `IN`, `NOT_IN` and
    /// `IS_DEFINED`. `value` is a string, which the server renders as a template and converts to the type of the field:
    /// `"100"` for a number. `IN` asks whether the field, a string or an array, contains the value. `IS_DEFINED` needs no
    /// value. The server has names for more operators, but does not implement them.
    ///
    /// ```
    /// use serde_json::json;
    /// use teleflow_emulator::Workflow;
    ///
    /// let is_large = json!({ "on": "payload", "field": "total", "operator": "LARGER", "value": "100" });
    /// let workflow = Workflow::new("order-paid")
    ///     .sms("You paid {{total}}.")
    ///     .when(json!([{ "value": "AND", "children": [is_large] }]));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if no step was added, or if the conditions are malformed. [`Emulator::workflow_document`] accepts any
    /// conditions, as the server does; malformed ones do not pass.
    ///
    /// [`Emulator::workflow_document`]: crate::Emulator::workflow_document
    #[track_caller]
    pub fn when(self, filters: Value) -> Self {
        if let Err(error) = check_filters::check(&filters) {
            let identifier = &self.identifier;
            misuse(&format!("workflow `{identifier}`: `when`: {error}"));
        }
        self.step_field("when", "filters", filters)
    }

    /// Makes the notification stop if the worker fails at the step that was added last.
    ///
    /// A step fails if the worker throws an error, which [`Notification::errors`](crate::Notification::errors) lists: a
    /// condition cannot be evaluated, its webhook fails three times, a variant has no template, or an account for push has no
    /// credentials. Its outcome is then [`StepOutcome::Failed`](crate::StepOutcome::Failed). All other outcomes do not count:
    /// after a step that is filtered, that has no integration or address, that cannot be rendered, or whose provider fails, the
    /// next step runs. A delay whose time cannot be computed always stops the notification.
    ///
    /// # Panics
    ///
    /// Panics if no step was added.
    #[track_caller]
    pub fn stop_on_fail(self) -> Self {
        self.step_field("stop_on_fail", "shouldStopOnFail", true.into())
    }

    fn channel_step(mut self, kind: &'static str, template: Value) -> Self {
        self.steps.push(BuiltStep { kind, template: object(template), ..BuiltStep::default() });
        self
    }

    fn waiting_step(mut self, kind: &'static str, metadata: Value) -> Self {
        self.steps.push(BuiltStep { kind, metadata: object(metadata), ..BuiltStep::default() });
        self
    }

    #[track_caller]
    fn template_field(mut self, method: &str, channel: Channel, name: &str, value: Value) -> Self {
        match self.steps.last_mut() {
            Some(step) if step.kind == channel.name() => drop(step.template.insert(name.to_owned(), value)),
            last => {
                let kind = last.map_or("missing", |step| step.kind);
                let identifier = &self.identifier;
                misuse(&format!(
                    "workflow `{identifier}`: `{method}` is for a step `{channel}`, but the last step is {kind}"
                ));
            }
        }
        self
    }

    #[track_caller]
    fn step_field(mut self, method: &str, name: &str, value: Value) -> Self {
        match self.steps.last_mut() {
            Some(step) => drop(step.fields.insert(name.to_owned(), value)),
            None => {
                let identifier = &self.identifier;
                misuse(&format!(
                    "workflow `{identifier}`: `{method}` is for the step that was added last, but there is none"
                ));
            }
        }
        self
    }

    /// The documents of the steps. The last one that sends a message has the variables, because the server keeps only the
    /// default values of the last step.
    pub(super) fn step_documents(&self, environment: &mut Environment, owner: &Value) -> Vec<Value> {
        let mut steps = self.steps.clone();
        if self.has_default_step && !steps.iter().any(BuiltStep::sends_message) {
            steps.push(BuiltStep { kind: "in_app", ..BuiltStep::default() });
        }
        let last = steps.iter().rposition(BuiltStep::sends_message);
        let mut documents = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let variables = if last == Some(index) { self.variables.as_slice() } else { &[] };
            documents.push(self.step_document(environment, step, variables, owner));
        }
        documents
    }

    fn step_document(
        &self,
        environment: &mut Environment,
        step: &BuiltStep,
        variables: &[Value],
        owner: &Value,
    ) -> Value {
        let (template_id, id) = (environment.next_id(), environment.next_id());
        let timed = json!({ "timed": { "weekDays": [], "monthDays": [] } });
        let template = json!({
            "_id": template_id, "id": template_id, "type": step.kind, "active": true,
            "variables": variables, "content": "", "_layoutId": null,
        });
        let template = merged(template, &step.template.clone().into());
        let document = json!({
            "_id": id, "id": id, "_templateId": template_id, "name": step.kind, "type": "REGULAR",
            "uuid": format!("step-{id}"),
            "active": self.steps_active, "shouldStopOnFail": false, "filters": [], "variants": [],
            "metadata": merged(timed, &step.metadata.clone().into()), "template": merged(template, owner),
        });
        merged(document, &step.fields.clone().into())
    }
}

/// A duration as the metadata of a delay or a digest.
fn regular(duration: Duration) -> Value {
    // An amount may have a fraction: the server multiplies it by 1000. A whole one stays an integer, as the server writes it.
    let amount: Value = match duration.subsec_millis() {
        0 => duration.as_secs().into(),
        millis => (duration.as_secs() as f64 + f64::from(millis) / 1000.0).into(),
    };
    json!({ "type": "regular", "amount": amount, "unit": "seconds" })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
