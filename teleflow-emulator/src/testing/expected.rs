//! The event that a test expects.

use std::fmt;

use serde_json::Value;
use teleflow::__private::IdSource;
use teleflow::derive::WorkflowPayload;
use teleflow::{Broadcast, Event, Request, Result};

use super::fail::fail;

/// An event or a broadcast that a test expects, written as the code under test sends it.
///
/// ```
/// use teleflow::Event;
/// use teleflow_emulator::ExpectedEvent;
///
/// fn is_expected(_: impl ExpectedEvent) {}
///
/// is_expected(Event::untyped("welcome", serde_json::json!({})).to("ada"));
/// ```
pub trait ExpectedEvent: sealed::Sealed {}

mod sealed {
    use teleflow::Result;

    use super::Expected;

    pub trait Sealed {
        fn into_expected(self) -> Result<Expected>;
    }
}

impl<W: WorkflowPayload, R, A, T> ExpectedEvent for Event<W, R, A, T> {}
impl<W: WorkflowPayload, A, T> ExpectedEvent for Broadcast<W, A, T> {}

impl<W: WorkflowPayload, R, A, T> sealed::Sealed for Event<W, R, A, T> {
    fn into_expected(self) -> Result<Expected> {
        self.into_expected().map(Expected::new)
    }
}

impl<W: WorkflowPayload, A, T> sealed::Sealed for Broadcast<W, A, T> {
    fn into_expected(self) -> Result<Expected> {
        self.into_expected().map(Expected::new)
    }
}

/// The JSON of an expected event, as the client serializes it.
#[doc(hidden)]
pub struct Expected {
    pub(super) json: Value,
    /// The paths to the sensitive values of its payload.
    pub(super) sensitive: Vec<String>,
    pub(super) id_source: IdSource,
}

/// Hides the payload.
impl fmt::Debug for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected").finish_non_exhaustive()
    }
}

impl Expected {
    fn new((request, id_source): (Request, IdSource)) -> Self {
        Self {
            json: serde_json::from_slice(request.body()).unwrap_or_default(),
            sensitive: request.sensitive_paths().next().unwrap_or_default().to_vec(),
            id_source,
        }
    }

    /// Serializes the event. The test fails if it is invalid.
    #[track_caller]
    pub(super) fn of(event: impl ExpectedEvent) -> Self {
        match event.into_expected() {
            Ok(expected) => expected,
            Err(error) => fail(&format!("the expected event is invalid, so it cannot be sent: {error}")),
        }
    }
}
