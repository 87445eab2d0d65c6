//! Checks at the end of a test that every event was asserted.

use std::panic::Location;
use std::thread;

use super::fail::fail;
use crate::emulator::Emulator;

/// Asserts when it is dropped that every event that was sent has been asserted. [`Emulator::check_on_drop`] returns it.
///
/// ```
/// use teleflow_emulator::Emulator;
///
/// let emulator = Emulator::new();
/// let _check = emulator.check_on_drop();
/// ```
#[derive(Debug)]
#[must_use = "bind it to a variable such as `_check`, or it checks at once"]
pub struct CheckOnDrop {
    emulator: Emulator,
    created: &'static Location<'static>,
}

impl Emulator {
    /// Returns a value that calls [`assert_nothing_else`](Self::assert_nothing_else) when it is dropped: at the end of the
    /// test, if it is bound to a variable. It does nothing if the test has already failed.
    #[track_caller]
    pub fn check_on_drop(&self) -> CheckOnDrop {
        CheckOnDrop { emulator: self.clone(), created: Location::caller() }
    }
}

impl Drop for CheckOnDrop {
    fn drop(&mut self) {
        // A second panic would end the process, and hide the first.
        if thread::panicking() {
            return;
        }
        if let Some(text) = self.emulator.not_asserted() {
            fail(&format!("{}\nthe check was created at {}", text.trim_end(), self.created));
        }
    }
}
