//! Runs a step that sends a message.

use serde_json::json;

use super::context::Context;
use super::details::{Detail, text};
use super::outcome::{StepResult, StepRun};
use super::record::{Draft, Message, MessageStatus};
use super::render::Renderer;
use super::sending::{Sending, Thrown};
use super::{chat, email, in_app, preferences, push, sms};
use crate::database::channel::Channel;
use crate::worker::step_outcome::StepOutcome;

/// Runs a channel step.
pub(crate) fn run(run: &StepRun<'_>) -> StepResult {
    let mut details = Vec::new();
    let context = match Context::new(run, &mut details) {
        Ok(context) => context,
        Err(error) => return failed(details, Vec::new(), error),
    };
    let mut sending = Sending { run, context, details, messages: Vec::new(), renderer: Renderer::default() };
    match send(&mut sending) {
        Ok((outcome, reason)) => {
            StepResult { outcome, reason, details: sending.details, messages: finished(sending.messages), failed: None }
        }
        Err(error) => failed(sending.details, finished(sending.messages), error),
    }
}

/// Evaluates the conditions of a delay or a digest step. Returns the details, and whether they pass.
///
/// When the step is queued, they read the payload and the stored records. When it is due, they read all that the conditions
/// of a channel step read.
pub(crate) fn check_conditions(run: &StepRun<'_>, is_due: bool) -> (Vec<Detail>, Result<bool, Thrown>) {
    let mut details = Vec::new();
    if !is_due && !run.step.has_conditions() {
        return (details, Ok(true));
    }
    let context = match Context::new(run, &mut details) {
        Ok(context) => context,
        Err(error) => return (details, Err(error)),
    };
    if !run.step.has_conditions() {
        return (details, Ok(true));
    }
    let variables = if is_due { context.for_conditions() } else { json!({ "payload": context.payload }) };
    if !is_due {
        details.clear();
    }
    let mut sending = Sending { run, context, details, messages: Vec::new(), renderer: Renderer::default() };
    let passes = sending.check(&run.step.filters, &variables);
    if is_due && passes == Ok(false) {
        sending.succeeded(text::FILTERED);
    }
    (sending.details, passes)
}

/// Sends the message, unless a condition or a preference stops it. Returns the outcome of the step and its reason.
fn send(sending: &mut Sending<'_>) -> Result<(StepOutcome, Option<String>), Thrown> {
    let step = sending.run.step;
    // Most steps have no conditions, and events may be many.
    let passes = !step.has_conditions() || {
        let variables = sending.context.for_conditions();
        sending.check(&step.filters, &variables)?
    };
    if !passes {
        sending.succeeded(text::FILTERED);
    }
    // The server checks both, whatever the result of the first check is.
    let is_allowed = preferences::allow(sending.run, &mut sending.details);
    if !(passes && is_allowed) {
        let outcome = if passes { StepOutcome::FilteredByPreference } else { StepOutcome::FilteredByCondition };
        let reason = if passes { sending.details.last().map(|detail| detail.detail.to_string()) } else { None };
        return Ok((outcome, reason.or_else(|| Some(text::FILTERED.to_owned()))));
    }
    sending.pending(text::START_SENDING);
    match sending.run.step.channel() {
        Some(Channel::Email) => email::send(sending)?,
        Some(Channel::Sms) => sms::send(sending)?,
        Some(Channel::Push) => push::send(sending)?,
        Some(Channel::Chat) => chat::send(sending)?,
        Some(Channel::InApp) => in_app::send(sending)?,
        None => {}
    }
    Ok(outcome(sending))
}

/// The outcome of a step that no condition or preference stopped. One message that was sent is enough.
fn outcome(sending: &Sending<'_>) -> (StepOutcome, Option<String>) {
    let by_status = [
        (MessageStatus::Sent, StepOutcome::Sent),
        (MessageStatus::Error, StepOutcome::ProviderFailed),
        (MessageStatus::NotRendered, StepOutcome::NotRendered),
        (MessageStatus::Warning, StepOutcome::NoAddress),
    ];
    for (status, outcome) in by_status {
        if let Some(message) = sending.messages.iter().find(|message| message.status == status) {
            return (outcome, message.reason.clone());
        }
    }
    let by_detail = sending.details.iter().find_map(|detail| match &*detail.detail {
        text::NO_INTEGRATION => Some((StepOutcome::NoIntegration, detail)),
        text::NO_CHANNEL | text::NO_DEVICE_TOKENS => Some((StepOutcome::NoAddress, detail)),
        text::LIMIT_PASSED => Some((StepOutcome::NotSent, detail)),
        _ => None,
    });
    match (by_detail, sending.run.step.channel()) {
        (Some((outcome, detail)), _) => (outcome, Some(detail.detail.to_string())),
        // The server writes no detail if a subscriber has no account for chat.
        (None, Some(_)) => (StepOutcome::NoAddress, None),
        (None, None) => (StepOutcome::NotSent, None),
    }
}

fn finished(drafts: Vec<Draft>) -> Vec<Message> {
    drafts.into_iter().map(Message::from).collect()
}

fn failed(details: Vec<Detail>, messages: Vec<Message>, error: String) -> StepResult {
    let (outcome, reason) = (StepOutcome::Failed, Some(error.clone()));
    StepResult { outcome, reason, details, messages, failed: Some(error) }
}
