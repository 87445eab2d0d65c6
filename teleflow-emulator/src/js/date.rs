//! Dates as JavaScript writes and reads them.

use std::time::Duration;

/// Reads a date such as `2024-05-01T00:00:00.000Z` as milliseconds since 1970.
///
/// Like `Date.parse`, it accepts 31 days in every month, and 24:00 as the end of a day.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    const FORMAT: &[u8] = b"0000-00-00T00:00:00.000Z";
    let has_format = text.len() == FORMAT.len()
        && text.bytes().zip(FORMAT).all(|(byte, expected)| match expected {
            b'0' => byte.is_ascii_digit(),
            exact => byte == *exact,
        });
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second, millis) = (number(11, 13)?, number(14, 16)?, number(17, 19)?, number(20, 23)?);
    let is_end_of_day = (hour, minute, second, millis) == (24, 0, 0, 0);
    let is_in_range = (1..=12).contains(&month) && (1..=31).contains(&day) && minute < 60 && second < 60;
    if !has_format || !is_in_range || (hour > 23 && !is_end_of_day) {
        return None;
    }
    let seconds = (days_since_epoch(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
    Some(seconds * 1000 + millis)
}

/// The days from 1970-01-01 to a Gregorian date. [`date_of_day`] is the inverse.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Formats the time since 1970 as `toISOString` does.
pub(crate) fn format_date(since_epoch: Duration) -> String {
    let seconds = since_epoch.as_secs();
    let (year, month, day) = date_of_day(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let millis = since_epoch.subsec_millis();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// The Gregorian date of a day counted from 1970-01-01. It counts in eras of 400 years that begin in March.
fn date_of_day(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_dates_as_javascript_does() {
        assert_eq!(format_date(Duration::ZERO), "1970-01-01T00:00:00.000Z");
        assert_eq!(format_date(Duration::from_millis(951_782_400_123)), "2000-02-29T00:00:00.123Z");
        assert_eq!(format_date(Duration::from_secs(1_735_689_599)), "2024-12-31T23:59:59.000Z");
    }

    #[test]
    fn reads_dates_as_javascript_does() {
        let cases = [
            ("1970-01-01T00:00:00.000Z", Some(0)),
            ("2000-02-29T00:00:00.123Z", Some(951_782_400_123)),
            ("2030-02-30T00:00:00.000Z", Some(1_898_640_000_000)),
            ("2030-02-31T24:00:00.000Z", Some(1_898_812_800_000)),
            ("0000-01-01T00:00:00.000Z", Some(-62_167_219_200_000)),
            ("2030-02-31T24:00:00.001Z", None),
            ("2030-01-32T00:00:00.000Z", None),
            ("2030-01-00T00:00:00.000Z", None),
            ("2030-01-01T00:00:60.000Z", None),
            ("9999-99-99T99:99:99.999Z", None),
            ("2030-01-01T00:00:00:000Z", None),
            ("2030-01-01T00:00:00.000Z ", None),
            ("at 2030-01-01T00:00:00.000Z", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_date(text), expected, "{text}");
        }
    }
}
