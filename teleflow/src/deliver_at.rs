//! Timestamps in the only format that the server's scheduled delays accept.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Serialize, Serializer};

use crate::payload_type::serialized_as;

mod foreign_types;

/// The time at which a scheduled delay of the workflow ends.
///
/// It serializes as `YYYY-MM-DDTHH:MM:SS.mmmZ`, in UTC. The server rejects every other format, including that of most date
/// types. Fractions of a millisecond are cut off. The API accepts a time in the past, but the worker then fails.
///
/// It is created from a [`SystemTime`], and with the features `chrono`, `time` or `jiff` from their types.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use teleflow::DeliverAt;
///
/// let time = DeliverAt::try_from(UNIX_EPOCH + Duration::from_millis(1_700_000_000_042))?;
/// assert_eq!(time.to_string(), "2023-11-14T22:13:20.042Z");
/// assert_eq!(serde_json::to_string(&time)?, "\"2023-11-14T22:13:20.042Z\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// Source: verify-payload.service.ts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliverAt {
    /// Milliseconds since the start of the year 0.
    millis: u64,
}

/// The error for a time outside the years 0 to 9999, which the format cannot express.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let far = UNIX_EPOCH + Duration::from_secs(400_000_000_000);
/// assert_eq!(
///     teleflow::DeliverAt::try_from(far).unwrap_err().to_string(),
///     "a delivery time must be in the years 0 to 9999",
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliverAtError(());

impl fmt::Display for DeliverAtError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a delivery time must be in the years 0 to 9999")
    }
}

impl std::error::Error for DeliverAtError {}

const MILLIS_OF_DAY: u64 = 86_400_000;
/// Days from the start of the year 0 to the start of 1970.
const EPOCH_DAYS: u64 = 719_528;
/// Days from the start of the year 0 to the start of 10 000.
const END_DAYS: u64 = 3_652_425;

impl DeliverAt {
    /// The time `delay` from now.
    ///
    /// # Errors
    ///
    /// [`DeliverAtError`] if that is after the year 9999.
    ///
    /// ```
    /// let tomorrow = teleflow::DeliverAt::after(std::time::Duration::from_secs(86_400))?;
    /// assert!(tomorrow.to_string().ends_with('Z'));
    /// # Ok::<(), teleflow::DeliverAtError>(())
    /// ```
    pub fn after(delay: Duration) -> Result<Self, DeliverAtError> {
        SystemTime::now().checked_add(delay).ok_or(DeliverAtError(())).and_then(Self::try_from)
    }

    fn from_unix_millis(millis: i128) -> Result<Self, DeliverAtError> {
        u64::try_from(millis + i128::from(EPOCH_DAYS * MILLIS_OF_DAY))
            .ok()
            .filter(|millis| *millis < END_DAYS * MILLIS_OF_DAY)
            .map(|millis| Self { millis })
            .ok_or(DeliverAtError(()))
    }
}

/// Year, month and day of a day, counted from the start of the year 0.
fn date(day: u64) -> (u64, u64, u64) {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    // The 400-year cycle has 146 097 days; within it the average finds the year or the one after.
    let mut year = day / 146_097 * 400 + day % 146_097 * 400 / 146_097;
    let start = |year: u64| {
        let past = year.saturating_sub(1);
        year * 365 + if year == 0 { 0 } else { past / 4 - past / 100 + past / 400 + 1 }
    };
    while start(year + 1) <= day {
        year += 1;
    }
    while start(year) > day {
        year -= 1;
    }
    let mut rest = day - start(year);
    let february = if leap(year) { 29 } else { 28 };
    for (month, days) in (1..).zip([31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
        if rest < days {
            return (year, month, rest + 1);
        }
        rest -= days;
    }
    (year, 12, 31)
}

impl fmt::Display for DeliverAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.millis / MILLIS_OF_DAY);
        let of_day = self.millis % MILLIS_OF_DAY;
        let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
        let (second, milli) = (of_day / 1_000 % 60, of_day % 1_000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

serialized_as!(Date: DeliverAt);

impl Serialize for DeliverAt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
