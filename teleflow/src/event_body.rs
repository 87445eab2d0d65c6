//! The only writer of event bodies. An event has the same JSON alone and inside a bulk.

use serde::Serialize;

use crate::id::{TransactionId, TransactionIdPieces, TriggerId};
use crate::invalid::Invalid;
use crate::json::{self, SensitivePaths};
use crate::overrides::Overrides;
use crate::recipient::{RecipientRef, Subscriber};
use crate::recipient_source::RecipientSource;
use crate::tenant::Tenant;
use crate::workflow_payload::{PayloadBuffer, SerializePayload, WorkflowPayload};

/// The parts that an event and a broadcast have in common: everything but the recipients.
pub(crate) struct EventParts<W> {
    pub(crate) trigger: TriggerId,
    pub(crate) payload: W,
    pub(crate) options: Options,
}

/// The parts that the setters of an event and a broadcast set.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) actor: Option<Subscriber>,
    pub(crate) tenant: Option<Tenant>,
    pub(crate) overrides: Option<Overrides>,
    pub(crate) transaction_id: Option<TransactionId>,
}

/// Where the transaction id of an event comes from.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdSource {
    Caller,
    Template,
    Random,
}

impl<W: WorkflowPayload> EventParts<W> {
    pub(crate) fn id_source(&self) -> IdSource {
        if self.options.transaction_id.is_some() {
            return IdSource::Caller;
        }
        let mut pieces = TransactionIdPieces::new();
        self.payload.transaction_id_of_template(&mut pieces);
        if pieces.is_used() { IdSource::Template } else { IdSource::Random }
    }

    /// Takes the actor and the tenant from the payload's marked fields.
    pub(crate) fn new(trigger: TriggerId, payload: W) -> Self {
        let options =
            Options { actor: payload.actor_of_field(), tenant: payload.tenant_of_field(), ..Options::default() };
        Self { trigger, payload, options }
    }
}

impl Options {
    fn validate(&self) -> Result<(), Invalid> {
        if let Some(actor) = &self.actor {
            actor.validate().map_err(|invalid| invalid.with_subject("the actor"))?;
        }
        self.tenant.as_ref().map_or(Ok(()), Tenant::validate)?;
        self.overrides.as_ref().map_or(Ok(()), Overrides::validate)
    }
}

/// Appends one event to a buffer: `begin`, then `recipients` except for a broadcast, then `finish`.
pub(crate) struct EventWriter<'a, W> {
    parts: &'a EventParts<W>,
    out: &'a mut Vec<u8>,
    /// Where the event starts in `out`.
    start: usize,
    /// The template of the transaction id, unless the event has an id of its own.
    template: Option<TransactionIdPieces>,
    /// Who the recipients are, if the template needs that.
    identities: Vec<String>,
    /// The first part that is invalid.
    validity: Result<(), Invalid>,
}

impl<'a, W: WorkflowPayload> EventWriter<'a, W> {
    pub(crate) fn begin(parts: &'a EventParts<W>, out: &'a mut Vec<u8>) -> Self {
        let mut template = None;
        if parts.options.transaction_id.is_none() {
            let mut pieces = TransactionIdPieces::new();
            parts.payload.transaction_id_of_template(&mut pieces);
            template = pieces.is_used().then_some(pieces);
        }
        let start = out.len();
        out.extend_from_slice(b"{\"name\":");
        json::write_string(parts.trigger.as_str(), out);
        Self { parts, out, start, template, identities: Vec::new(), validity: parts.trigger.validate() }
    }

    /// Writes `to`: a list as a list, even of one recipient.
    pub(crate) fn recipients<R>(mut self, recipients: RecipientSource<W, R>) -> Self {
        self.out.extend_from_slice(b",\"to\":");
        let is_list = recipients.is_list();
        if is_list {
            self.out.push(b'[');
        }
        let mut count = 0_usize;
        recipients.visit(&self.parts.payload, &mut |recipient| {
            if count > 0 {
                self.out.push(b',');
            }
            count += 1;
            self.recipient(recipient, count);
        });
        if is_list {
            self.out.push(b']');
        }
        if count == 0 {
            self.check(Err(Invalid::new(
                "the list of recipients is empty; the server would notify nobody and report no error",
            )));
        }
        self
    }

    fn recipient(&mut self, recipient: RecipientRef<'_>, number: usize) {
        self.check(recipient.validate().map_err(|invalid| invalid.with_subject(&format!("recipient {number}"))));
        if self.template.is_some() {
            self.identities.push(recipient.identity());
        }
        match recipient {
            RecipientRef::Id(id) => json::write_string(id, self.out),
            RecipientRef::Subscriber(subscriber) => write_own(subscriber, self.out),
            RecipientRef::Topic(topic) => write_own(topic, self.out),
        }
    }

    /// Writes the rest. Returns the event's id and its sensitive values, also if the event is invalid: then `out` is as before
    /// `begin`.
    pub(crate) fn finish(mut self) -> (TransactionId, SensitivePaths, Result<(), Invalid>) {
        let EventParts { trigger, payload, options } = self.parts;
        self.out.extend_from_slice(b",\"payload\":");
        let payload_start = self.out.len();
        let mut buffer = PayloadBuffer::new(self.out, payload.allowed_names_of_payload());
        let result = W::Body::write_payload(payload, &mut buffer);
        let marks = buffer.into_marks();
        let json = self.out.get(payload_start..).unwrap_or_default();
        let fields = payload.sensitive_fields_of_payload();
        let sensitive = SensitivePaths::of(json, fields, marks);
        self.check(result.map_err(|error| fields.cut_path(error.0).named("payload")));
        self.check(options.validate());
        self.part("overrides", options.overrides.as_ref());
        self.part("actor", options.actor.as_ref());
        self.part("tenant", options.tenant.as_ref());

        let id = match (&options.transaction_id, self.template.take()) {
            (Some(id), _) => {
                self.check(id.validate());
                id.clone()
            }
            (None, Some(pieces)) => {
                self.check(pieces.validate());
                pieces.finish(trigger, options.tenant.as_ref().map(Tenant::identifier), &self.identities)
            }
            (None, None) => TransactionId::random(),
        };
        self.out.extend_from_slice(b",\"transactionId\":");
        json::write_utf8(id.as_bytes(), self.out);
        self.out.push(b'}');
        if self.validity.is_err() {
            self.out.truncate(self.start);
        }
        (id, sensitive, self.validity)
    }

    fn part<T: Serialize>(&mut self, name: &str, part: Option<&T>) {
        if let Some(part) = part {
            self.out.extend_from_slice(b",\"");
            self.out.extend_from_slice(name.as_bytes());
            self.out.extend_from_slice(b"\":");
            write_own(part, self.out);
        }
    }

    /// Keeps the first error.
    fn check(&mut self, result: Result<(), Invalid>) {
        if self.validity.is_ok() {
            self.validity = result;
        }
    }
}

/// Appends a value of this crate's own types. It fails only if `validate` fails too.
fn write_own<T: Serialize>(value: &T, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, value);
}
