//! Dates as JavaScript writes them.

use std::time::Duration;

use jiff::Timestamp;

/// Formats the time since 1970 as `toISOString` does.
pub(crate) fn format_date(since_epoch: Duration) -> String {
    let millis = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
    format!("{:.3}", Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX))
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
}
