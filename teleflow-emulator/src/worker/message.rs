//! Steps that send a message. The emulator records that the message was sent; it does not render a template.

use super::notification::StepStatus;
use super::step_outcome::StepOutcome;

/// Runs a channel step.
pub(crate) fn run(kind: &str) -> StepOutcome {
    let detail = if kind == "in_app" { "Message created" } else { "Message sent" };
    StepOutcome::Done(StepStatus::Completed, Some(("Success", detail)))
}
