//! `DeliverAt`: how times are formatted, compared with jiff, chrono and time.

use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;
use teleflow::DeliverAt;

/// The first and the last millisecond of the years 0 to 9999.
const FIRST: i64 = -62_167_219_200_000;
const LAST: i64 = 253_402_300_799_999;

fn formatted(millis: i64) -> Result<String, teleflow::DeliverAtError> {
    let distance = Duration::from_millis(millis.unsigned_abs());
    let system_time = if millis < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
    DeliverAt::try_from(system_time).map(|deliver_at| deliver_at.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_millisecond_is_formatted_as_jiff_formats_it(millis in FIRST..=LAST) {
        let expected = jiff::Timestamp::from_millisecond(millis).map(|timestamp| format!("{timestamp:.3}"));
        prop_assert_eq!(formatted(millis).unwrap(), expected.unwrap());
    }

    #[test]
    fn times_of_every_type_are_formatted_alike(millis in FIRST..=LAST) {
        let text = formatted(millis).unwrap();
        let jiff = jiff::Timestamp::from_millisecond(millis).unwrap();
        let chrono = chrono::DateTime::from_timestamp_millis(millis).unwrap();
        let time = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap();
        prop_assert_eq!(DeliverAt::try_from(jiff).unwrap().to_string(), &*text);
        prop_assert_eq!(DeliverAt::try_from(chrono).unwrap().to_string(), &*text);
        prop_assert_eq!(DeliverAt::try_from(time).unwrap().to_string(), &*text);
    }
}

#[test]
fn the_first_and_the_last_millisecond_are_accepted() {
    assert_eq!(formatted(FIRST).unwrap(), "0000-01-01T00:00:00.000Z");
    assert_eq!(formatted(LAST).unwrap(), "9999-12-31T23:59:59.999Z");
    assert_eq!(formatted(-1).unwrap(), "1969-12-31T23:59:59.999Z");
    assert_eq!(formatted(951_782_400_000).unwrap(), "2000-02-29T00:00:00.000Z");
    assert!(formatted(FIRST - 1).is_err() && formatted(LAST + 1).is_err());
    let before_epoch = UNIX_EPOCH - Duration::from_nanos(1);
    assert_eq!(DeliverAt::try_from(before_epoch).unwrap().to_string(), "1969-12-31T23:59:59.999Z");
}

#[test]
fn fractions_of_a_millisecond_are_rounded_down_in_every_type() {
    for (nanos, expected) in [
        (1_999_999_i128, "1970-01-01T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (-1_000_000, "1969-12-31T23:59:59.999Z"),
        (-1_000_001, "1969-12-31T23:59:59.998Z"),
        (-86_400_000_000_001, "1969-12-30T23:59:59.999Z"),
    ] {
        let distance = Duration::from_nanos(u64::try_from(nanos.unsigned_abs()).unwrap());
        let system_time = if nanos < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
        let jiff = jiff::Timestamp::from_nanosecond(nanos).unwrap();
        let chrono = chrono::DateTime::from_timestamp_nanos(i64::try_from(nanos).unwrap());
        let time = time::OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap();
        assert_eq!(DeliverAt::try_from(system_time).unwrap().to_string(), expected, "SystemTime, {nanos}");
        assert_eq!(DeliverAt::try_from(jiff).unwrap().to_string(), expected, "jiff, {nanos}");
        assert_eq!(DeliverAt::try_from(chrono).unwrap().to_string(), expected, "chrono, {nanos}");
        assert_eq!(DeliverAt::try_from(time).unwrap().to_string(), expected, "time, {nanos}");
    }
}

#[test]
fn a_time_in_another_zone_is_formatted_in_utc() {
    let zone = chrono::FixedOffset::east_opt(5 * 3600 + 1800).unwrap();
    let chrono = chrono::DateTime::from_timestamp_millis(951_782_399_999).unwrap().with_timezone(&zone);
    let zone = time::UtcOffset::from_hms(-3, -30, 0).unwrap();
    let time = time::OffsetDateTime::from_unix_timestamp_nanos(951_782_399_999_000_000).unwrap().to_offset(zone);
    assert_eq!(DeliverAt::try_from(chrono).unwrap().to_string(), "2000-02-28T23:59:59.999Z");
    assert_eq!(DeliverAt::try_from(time).unwrap().to_string(), "2000-02-28T23:59:59.999Z");
}

#[test]
fn years_outside_0_to_9999_are_errors_in_every_type() {
    let year_10000 = 253_402_300_800_000_i64;
    assert!(DeliverAt::try_from(chrono::DateTime::from_timestamp_millis(year_10000).unwrap()).is_err());
    assert!(DeliverAt::try_from(chrono::DateTime::from_timestamp_millis(FIRST - 1).unwrap()).is_err());
    assert!(DeliverAt::try_from(chrono::DateTime::<chrono::Utc>::MAX_UTC).is_err());
    assert!(DeliverAt::try_from(chrono::DateTime::<chrono::Utc>::MIN_UTC).is_err());
    assert!(DeliverAt::try_from(jiff::Timestamp::MIN).is_err());
    assert!(DeliverAt::after(Duration::MAX).is_err());
}
