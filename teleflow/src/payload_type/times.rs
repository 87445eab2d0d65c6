//! Moments and durations. Only a `DeliverAt` is sure to be what the server's scheduled delays read; of the others it
//! is known that they are texts.

use std::time::{Duration, SystemTime};

use super::object;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
use super::serialized_as;

object!(Duration, "Duration" { 0 always "secs": u64, 1 always "nanos": u32; 2 });
object!(SystemTime, "SystemTime" { 0 always "secs_since_epoch": u64, 1 always "nanos_since_epoch": u32; 2 });

#[cfg(feature = "chrono")]
#[diagnostic::do_not_recommend]
impl<Tz: chrono::TimeZone> super::TeleflowPayload for chrono::DateTime<Tz> {
    const SHAPE: super::Shape = super::Shape::String;
    type Element = super::Unknown;
    type Object = super::Unknown;
}
#[cfg(feature = "chrono")]
serialized_as!(String: chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::Month, chrono::Weekday);

#[cfg(feature = "jiff")]
serialized_as!(String: jiff::Timestamp, jiff::ZonedDateTime, jiff::Span, jiff::SignedDuration);
#[cfg(feature = "jiff")]
serialized_as!(String: jiff::civil::Date, jiff::civil::Time, jiff::civil::DateTime);

// A text where its feature `serde-human-readable` is on, and else a list of numbers: which, only the whole build knows.
#[cfg(feature = "time")]
serialized_as!(Unknown: time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime);
