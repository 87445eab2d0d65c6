//! One channel step that is running: its details and messages so far, and what the channels share.

use serde_json::{Map, Value, json};

use super::context::{Context, id_of};
use super::details::{Detail, text};
use super::outcome::StepRun;
use super::record::{Draft, Head, MessageStatus};
use super::render::Renderer;
use crate::database::channel::Channel;
use crate::database::integration::Integration;
use crate::database::message_template::MessageTemplate;
use crate::worker::conditions::{self, Conditions, PreviousMessage, WebhookRequest, WebhookResponse};

/// An exception of the worker: its message.
pub(super) type Thrown = String;

/// A channel step that is running.
#[derive(Debug)]
pub(super) struct Sending<'a> {
    pub(super) run: &'a StepRun<'a>,
    pub(super) context: Context<'a>,
    pub(super) details: Vec<Detail>,
    pub(super) messages: Vec<Draft>,
    pub(super) renderer: Renderer,
}

/// Which integration a channel needs.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    /// Selected by an event. It replaces all other criteria.
    pub(super) identifier: Option<&'a Value>,
    pub(super) id: Option<&'a Value>,
    pub(super) provider_id: Option<&'a str>,
}

impl<'a> Sending<'a> {
    pub(super) fn pending(&mut self, detail: &'static str) {
        self.details.push(Detail::new("Pending", detail));
    }

    pub(super) fn succeeded(&mut self, detail: &'static str) {
        self.details.push(Detail::new("Success", detail));
    }

    pub(super) fn failed(&mut self, detail: &'static str, raw: Option<Value>) {
        self.details.push(Detail { raw, ..Detail::new("Failed", detail) });
    }

    /// Evaluates conditions, and adds their details.
    pub(super) fn check(&mut self, filters: &Value, variables: &Value) -> Result<bool, Thrown> {
        let run = self.run;
        let previous = |uuid: &str| {
            let step = run.previous.iter().find(|previous| previous.step.uuid.as_deref() == Some(uuid))?;
            let channel = step.message.filter(|message| message.is_stored())?.channel().name().to_owned();
            // Nobody opens the messages of the emulator.
            Some(PreviousMessage { channel, seen: Some(false), read: Some(false), opened: 0 })
        };
        let webhook = |request: &WebhookRequest<'_>| {
            let response = run.environment.webhooks.get(request.url);
            let response = response.map(|(status, body)| WebhookResponse { status: *status, body: body.clone() });
            response.ok_or_else(|| format!("no response is set for {}", request.url))
        };
        let evaluation = conditions::evaluate(&Conditions {
            filters,
            variables,
            subscriber: Some(self.context.subscriber),
            tenant: self.context.tenant,
            identifier: run.job.trigger(),
            channel: run.step.kind(),
            now: run.now,
            previous: &previous,
            webhook: &webhook,
        });
        for error in evaluation.unrendered {
            self.failed(conditions::UNRENDERED_VALUE, Some(json!({ "error": error })));
        }
        evaluation.passed.map_err(|error| error.message().to_owned())
    }

    /// The template of the first variant whose conditions pass, or the step's own.
    // Source: `select-variant.usecase.ts`.
    pub(super) fn choose_template(&mut self) -> Result<&'a MessageTemplate, Thrown> {
        let step = self.run.step;
        let variables = if step.variants.is_empty() { Value::Null } else { self.context.for_conditions() };
        for variant in step.variants.iter().filter(|variant| variant.active) {
            let has_filters = variant.filters.as_array().is_some_and(|filters| !filters.is_empty());
            if !has_filters || !self.check(&variant.filters, &variables)? {
                continue;
            }
            let id = variant.template_id.as_deref().unwrap_or("undefined");
            let template = self.run.environment.message_templates.get(id).or(variant.template.as_ref());
            let template = template.ok_or_else(|| format!("Variant message template with id {id} not found"))?;
            self.pending(text::VARIANT_CHOSEN);
            return Ok(template);
        }
        step.template.as_ref().ok_or_else(|| "Template not found".to_owned())
    }

    /// Selects an active integration of the step's channel.
    // Source: `select-integration.usecase.ts`.
    pub(super) fn select_integration(&mut self, wanted: &Wanted<'_>) -> Result<Option<&'a Integration>, Thrown> {
        let Some(channel) = self.run.step.channel() else { return Ok(None) };
        let of_channel = move |stored: &&Integration| stored.active && stored.channel == channel;
        let matches = |stored: &&Integration| {
            of_channel(stored)
                && wanted.id.is_none_or(|id| id.as_str() == Some(&stored.id))
                && wanted.provider_id.is_none_or(|id| id == stored.provider_id)
        };
        let all = &self.run.environment.integrations;
        let newest = |one: &'a Integration, other: &'a Integration| {
            if other.created_at > one.created_at { other } else { one }
        };
        if let Some(identifier) = wanted.identifier {
            let same = |stored: &&Integration| stored.identifier.as_deref() == identifier.as_str();
            return Ok(all.iter().filter(of_channel).filter(same).reduce(newest));
        }
        let has_primary = matches!(channel, Channel::Email | Channel::Sms);
        let primary = all.iter().filter(matches).filter(|stored| stored.primary || !has_primary).reduce(newest);
        if self.run.job.tenant().is_none() {
            return Ok(primary);
        }
        let tenant = id_of(self.run.job.tenant(), "identifier");
        let tenant = tenant.and_then(|identifier| self.run.environment.tenants.get(identifier));
        let variables = json!({ "tenant": tenant });
        for stored in all.iter().filter(matches).filter(|stored| stored.has_conditions()) {
            if self.check(&stored.conditions, &variables)? {
                return Ok(Some(stored));
            }
        }
        Ok(primary)
    }

    /// The overrides of the event with this name.
    pub(super) fn overrides(&self, name: &str) -> Option<&'a Map<String, Value>> {
        self.run.job.overrides().get(name)?.as_object()
    }

    /// The overrides for the channel, replaced by those for the provider.
    pub(super) fn overrides_for(&self, integration: &Integration) -> Map<String, Value> {
        let mut overrides = Map::new();
        for name in [integration.channel.name(), integration.provider_id.as_str()] {
            overrides.extend(self.overrides(name).cloned().unwrap_or_default());
        }
        overrides
    }

    /// A new message of this step.
    pub(super) fn message(&mut self, channel: Channel, provider_id: &str) -> Draft {
        let run = self.run;
        let name = run.step.name.as_deref().filter(|name| !name.is_empty());
        let head = Head {
            subscriber_id: run.subscriber_id.to_owned(),
            trigger: run.job.trigger().to_owned(),
            transaction_id: run.job.transaction_id().to_owned(),
            step: name.unwrap_or(channel.name()).to_owned(),
            step_index: run.step_index,
            channel,
            at: run.now,
        };
        Draft { missing: self.renderer.missing.clone(), ..Draft::new(head, provider_id) }
    }

    /// Records that a template cannot be rendered.
    pub(super) fn not_rendered(&mut self, channel: Channel, message: Option<Draft>, error: String) {
        self.failed(text::NOT_GENERATED, Some(json!({ "error": error })));
        let message = message.unwrap_or_else(|| self.message(channel, ""));
        let missing = self.renderer.missing.clone();
        self.messages.push(Draft { status: MessageStatus::NotRendered, reason: Some(error), missing, ..message });
    }

    /// The error with which a provider fails, if it does.
    pub(super) fn provider_error(&self, integration: &Integration) -> Option<&'a str> {
        let environment = self.run.environment;
        let error = environment.provider_errors.get(&integration.provider_id);
        error.or_else(|| environment.channel_errors.get(&integration.channel)).map(String::as_str)
    }
}
