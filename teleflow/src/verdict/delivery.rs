//! `Delivery`: what a queue knows of a stored request.

use std::time::Duration;

/// How often a queue worker has taken a stored request, and how old the request is.
///
/// ```
/// use std::time::Duration;
/// use teleflow::Delivery;
///
/// let third = Delivery::new(3, Duration::from_secs(90)).give_up_after(Duration::from_secs(3600));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    pub(super) number: u32,
    pub(super) age: Duration,
    pub(super) give_up_after: Duration,
}

impl Delivery {
    /// The delivery with this number, 1 for the first, of a request that was stored this long ago.
    ///
    /// The waits grow with the number. The age decides when the request is given up. If a request was stored in place of
    /// another, both count from the other one.
    #[must_use]
    pub fn new(number: u32, age: Duration) -> Self {
        Self { number, age, give_up_after: Duration::from_secs(24 * 60 * 60) }
    }

    /// Sets the age from which a request that fails is not sent again. The default is a day.
    ///
    /// A delivery always sends the request, whatever its age. Failures that are not the fault of the event do not count:
    /// a 429, an API key that is not accepted, an allowance that is used up, and a wrong base URL.
    #[must_use]
    pub fn give_up_after(mut self, age: Duration) -> Self {
        self.give_up_after = age;
        self
    }

    /// Whether the request was certainly never sent before.
    pub(crate) fn is_first(&self) -> bool {
        self.number <= 1
    }
}
