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
