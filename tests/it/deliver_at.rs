//! Moments, compared with what a library of dates makes of them.

use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;
use teleflow::DeliverAt;

/// The first and the last millisecond of the years 0 to 9999.
const FIRST: i64 = -62_167_219_200_000;
const LAST: i64 = 253_402_300_799_999;

fn written(millis: i64) -> Result<String, teleflow::DeliverAtError> {
    let distance = Duration::from_millis(millis.unsigned_abs());
    let moment = if millis < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
    DeliverAt::try_from(moment).map(|moment| moment.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_moment_is_written_in_the_one_form(millis in FIRST..=LAST) {
        let expected = jiff::Timestamp::from_millisecond(millis).map(|moment| format!("{moment:.3}"));
        prop_assert_eq!(written(millis).unwrap(), expected.unwrap());
    }

    #[test]
    fn moments_of_other_types_are_the_same(millis in FIRST..=LAST) {
        let text = written(millis).unwrap();
        let jiff = jiff::Timestamp::from_millisecond(millis).unwrap();
        let chrono = chrono::DateTime::from_timestamp_millis(millis).unwrap();
        let time = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap();
        prop_assert_eq!(DeliverAt::try_from(jiff).unwrap().to_string(), &*text);
        prop_assert_eq!(DeliverAt::try_from(chrono).unwrap().to_string(), &*text);
        prop_assert_eq!(DeliverAt::try_from(time).unwrap().to_string(), &*text);
    }
}

#[test]
fn the_edges_are_kept() {
    assert_eq!(written(FIRST).unwrap(), "0000-01-01T00:00:00.000Z");
    assert_eq!(written(LAST).unwrap(), "9999-12-31T23:59:59.999Z");
    assert_eq!(written(-1).unwrap(), "1969-12-31T23:59:59.999Z");
    assert_eq!(written(951_782_400_000).unwrap(), "2000-02-29T00:00:00.000Z");
    assert!(written(FIRST - 1).is_err() && written(LAST + 1).is_err());
    let below = UNIX_EPOCH - Duration::from_nanos(1);
    assert_eq!(DeliverAt::try_from(below).unwrap().to_string(), "1969-12-31T23:59:59.999Z");
}

#[test]
fn what_is_finer_than_a_millisecond_is_cut_off_in_every_type() {
    for (nanos, expected) in [
        (1_999_999_i128, "1970-01-01T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (-1_000_000, "1969-12-31T23:59:59.999Z"),
        (-1_000_001, "1969-12-31T23:59:59.998Z"),
        (-86_400_000_000_001, "1969-12-30T23:59:59.999Z"),
    ] {
        let distance = Duration::from_nanos(u64::try_from(nanos.unsigned_abs()).unwrap());
        let moment = if nanos < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
        let jiff = jiff::Timestamp::from_nanosecond(nanos).unwrap();
        let chrono = chrono::DateTime::from_timestamp_nanos(i64::try_from(nanos).unwrap());
        let time = time::OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap();
        assert_eq!(DeliverAt::try_from(moment).unwrap().to_string(), expected, "SystemTime, {nanos}");
        assert_eq!(DeliverAt::try_from(jiff).unwrap().to_string(), expected, "jiff, {nanos}");
        assert_eq!(DeliverAt::try_from(chrono).unwrap().to_string(), expected, "chrono, {nanos}");
        assert_eq!(DeliverAt::try_from(time).unwrap().to_string(), expected, "time, {nanos}");
    }
}

#[test]
fn a_moment_in_another_zone_is_written_in_utc() {
    let zone = chrono::FixedOffset::east_opt(5 * 3600 + 1800).unwrap();
    let chrono = chrono::DateTime::from_timestamp_millis(951_782_399_999).unwrap().with_timezone(&zone);
    let zone = time::UtcOffset::from_hms(-3, -30, 0).unwrap();
    let time = time::OffsetDateTime::from_unix_timestamp_nanos(951_782_399_999_000_000).unwrap().to_offset(zone);
    assert_eq!(DeliverAt::try_from(chrono).unwrap().to_string(), "2000-02-28T23:59:59.999Z");
    assert_eq!(DeliverAt::try_from(time).unwrap().to_string(), "2000-02-28T23:59:59.999Z");
}

#[test]
fn moments_beyond_the_form_are_errors_in_every_type() {
    let far = 253_402_300_800_000_i64;
    assert!(DeliverAt::try_from(chrono::DateTime::from_timestamp_millis(far).unwrap()).is_err());
    assert!(DeliverAt::try_from(chrono::DateTime::from_timestamp_millis(FIRST - 1).unwrap()).is_err());
    assert!(DeliverAt::try_from(chrono::DateTime::<chrono::Utc>::MAX_UTC).is_err());
    assert!(DeliverAt::try_from(chrono::DateTime::<chrono::Utc>::MIN_UTC).is_err());
    assert!(DeliverAt::try_from(jiff::Timestamp::MIN).is_err());
    assert!(DeliverAt::after(Duration::MAX).is_err());
}
