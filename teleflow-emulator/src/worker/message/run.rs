//! Runs a step that sends a message.

use serde_json::json;

use super::context::Context;
use super::details::{Detail, text};
use super::outcome::{StepResult, StepRun};
use super::record::{Draft, Message};
use super::render::Renderer;
use super::sending::{Sending, Thrown};
use super::{chat, email, in_app, preferences, push, sms};

/// Runs a channel step.
pub(crate) fn run(run: &StepRun<'_>) -> StepResult {
    let mut details = Vec::new();
    let context = match Context::new(run, &mut details) {
        Ok(context) => context,
        Err(error) => return failed(details, Vec::new(), error),
    };
    let mut sending = Sending { run, context, details, messages: Vec::new(), renderer: Renderer::default() };
    match send(&mut sending) {
        Ok(is_allowed) => StepResult {
            is_filtered: !is_allowed,
            details: sending.details,
            messages: finished(sending.messages),
            failed: None,
        },
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

/// Sends the message, unless a condition or a preference stops it.
fn send(sending: &mut Sending<'_>) -> Result<bool, Thrown> {
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
        return Ok(false);
    }
    sending.pending(text::START_SENDING);
    match sending.run.step.kind() {
        "email" => email::send(sending)?,
        "sms" => sms::send(sending)?,
        "push" => push::send(sending)?,
        "chat" => chat::send(sending)?,
        "in_app" => in_app::send(sending)?,
        _ => {}
    }
    Ok(true)
}

fn finished(drafts: Vec<Draft>) -> Vec<Message> {
    drafts.into_iter().map(Message::from).collect()
}

fn failed(details: Vec<Detail>, messages: Vec<Message>, error: String) -> StepResult {
    StepResult { is_filtered: false, details, messages, failed: Some(error) }
}
