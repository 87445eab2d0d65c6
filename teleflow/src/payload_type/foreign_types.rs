//! The types of other crates, each behind its feature.
//!
//! Dates and times are strings: only `DeliverAt` is sure to have the format that the server's scheduled delays accept.

#[cfg(any(
    feature = "chrono",
    feature = "jiff",
    feature = "time",
    feature = "uuid",
    feature = "url",
    feature = "rust_decimal"
))]
use super::serialized_as;

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

// A string if its feature `serde-human-readable` is enabled in the build, and an array of numbers otherwise.
#[cfg(feature = "time")]
serialized_as!(Unknown: time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime);

#[cfg(feature = "uuid")]
serialized_as!(String: uuid::Uuid);

#[cfg(feature = "url")]
serialized_as!(String: url::Url);

// A string, or a number if its feature `serde-float` or a similar one is enabled in the build.
#[cfg(feature = "rust_decimal")]
serialized_as!(NumberOrString: rust_decimal::Decimal);
