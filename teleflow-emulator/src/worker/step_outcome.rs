//! The result of running a step.

use std::time::Duration;

use super::notification::StepStatus;

/// The result of running one step of a notification.
#[derive(Debug)]
pub(crate) enum StepOutcome {
    /// The step is done, with an entry for its execution details as (status, detail). The next step runs.
    Done(StepStatus, Option<(&'static str, &'static str)>),
    /// The notification waits until this time since 1970.
    Waiting(Duration),
    /// The event joins the digest of the notification at this position.
    Merged(usize),
    /// The worker stops at this step, with a detail for it if the server records one.
    Failed(Option<&'static str>),
}
