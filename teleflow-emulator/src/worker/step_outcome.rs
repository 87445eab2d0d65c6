//! `StepOutcome`: whether a step sent its message, and if not, why.

use std::fmt;

/// The outcome of one step of a notification.
///
/// The server marks a step as `completed` whether its message was sent or not, and writes the reason into the execution
/// details. This is both.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Channel, Emulator, Preference, StepOutcome, StepStatus, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator
///     .workflow(Workflow::new("news").in_app("News"))
///     .preference(Preference::global("ada").channel(Channel::InApp, false));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("news", serde_json::json!({})).to("ada").send(&client).await?;
///
/// let notification = &emulator.notifications()[0];
/// let step = notification.steps().next().expect("a step");
/// assert_eq!(step.status(), StepStatus::Completed);
/// assert_eq!(step.outcome(), StepOutcome::FilteredByPreference);
/// assert_eq!(step.reason(), Some("Step filtered by subscriber global preferences"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepOutcome {
    /// It has not begun. A step before it waits or has stopped the notification.
    Pending,
    /// A webhook of its conditions failed, and is retried.
    Running,
    /// It is a delay or a digest that is not over.
    Waiting,
    /// It is a delay or a digest that is over, or the record of the trigger.
    Completed,
    /// At least one message was sent.
    Sent,
    /// Its conditions do not pass.
    FilteredByCondition,
    /// The subscriber, the workflow or the tenant has the channel off.
    FilteredByPreference,
    /// The channel has no active integration.
    NoIntegration,
    /// The subscriber has no address for the channel.
    NoAddress,
    /// A template cannot be rendered.
    NotRendered,
    /// The provider failed, or each of them.
    ProviderFailed,
    /// Nothing was sent for another reason. [`StepRecord::details`](crate::StepRecord::details) may have it.
    NotSent,
    /// Its event was merged into an earlier digest.
    Merged,
    /// It is a digest with a backoff, and its event is the first one for a while.
    Skipped,
    /// A cancel stopped it, or a delay until a date that is in the past.
    Cancelled,
    /// The worker threw an error.
    Failed,
}

/// Writes it in words: `sent`, `filtered by a condition`, …
impl fmt::Display for StepOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Completed => "completed",
            Self::Sent => "sent",
            Self::FilteredByCondition => "filtered by a condition",
            Self::FilteredByPreference => "filtered by a preference",
            Self::NoIntegration => "without integration",
            Self::NoAddress => "without address",
            Self::NotRendered => "not rendered",
            Self::ProviderFailed => "failed at the provider",
            Self::NotSent => "not sent",
            Self::Merged => "merged",
            Self::Skipped => "skipped",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        })
    }
}

impl StepOutcome {
    pub(crate) fn is_filtered(self) -> bool {
        matches!(self, Self::FilteredByCondition | Self::FilteredByPreference)
    }
}
