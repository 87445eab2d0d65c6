//! The calendar: milliseconds since 1970 to dates, and back.

use jiff::SignedDuration;
use jiff::civil::Date;

const MS_PER_DAY: i64 = 86_400_000;
/// The calendar is the same after 400 years. jiff knows fewer years than JavaScript.
const CYCLE_YEARS: i64 = 400;
const CYCLE_DAYS: i64 = 146_097;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Milliseconds that a JavaScript date can have. `None` for an invalid date.
pub(in super::super) fn clip(milliseconds: f64) -> Option<i64> {
    (milliseconds.abs() <= 8.64e15).then_some(milliseconds.trunc() as i64)
}

/// A date and time in UTC.
#[derive(Debug, Clone, Copy)]
pub(super) struct DateTime {
    pub(super) milliseconds: i64,
    pub(super) year: i64,
    /// 1 to 12.
    pub(super) month: i64,
    pub(super) day: i64,
    /// 0 is Sunday.
    pub(super) weekday: i64,
    pub(super) day_of_year: i64,
    pub(super) iso_week: i64,
    pub(super) iso_week_year: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) millisecond: i64,
}

impl DateTime {
    pub(super) fn new(milliseconds: i64) -> Self {
        let (days, time) = (milliseconds.div_euclid(MS_PER_DAY), milliseconds.rem_euclid(MS_PER_DAY));
        let years = days.div_euclid(CYCLE_DAYS) * CYCLE_YEARS;
        let offset = SignedDuration::from_hours(days.rem_euclid(CYCLE_DAYS) * 24);
        let date = EPOCH.saturating_add(offset);
        let week = date.iso_week_date();
        Self {
            milliseconds,
            year: i64::from(date.year()) + years,
            month: i64::from(date.month()),
            day: i64::from(date.day()),
            weekday: i64::from(date.weekday().to_sunday_zero_offset()),
            day_of_year: i64::from(date.day_of_year()),
            iso_week: i64::from(week.week()),
            iso_week_year: i64::from(week.year()) + years,
            hour: time / 3_600_000,
            minute: time / 60_000 % 60,
            second: time / 1000 % 60,
            millisecond: time % 1000,
        }
    }

    /// The week and its year. Weeks begin on Sunday; the first one has January 1.
    pub(super) fn week(&self) -> (i64, i64) {
        let first_sunday = |year| {
            let days = days_since_1970(year, 1, 1);
            days - (days + 4).rem_euclid(7)
        };
        let sunday = self.milliseconds.div_euclid(MS_PER_DAY) - self.weekday;
        let year = if sunday >= first_sunday(self.year + 1) { self.year + 1 } else { self.year };
        ((sunday - first_sunday(year)) / 7 + 1, year)
    }
}

/// The days from 1970 to a date. The day may be past the end of the month.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let cycles = (year - 1970).div_euclid(CYCLE_YEARS);
    let year = i16::try_from(year - cycles * CYCLE_YEARS).unwrap_or(1970);
    let first = Date::new(year, i8::try_from(month).unwrap_or(1), 1).unwrap_or(EPOCH);
    cycles * CYCLE_DAYS + first.duration_since(EPOCH).as_hours() / 24 + day - 1
}

/// The milliseconds of a date and a time of the day. The day may be past the end of the month.
pub(super) fn milliseconds(year: i64, month: i64, day: i64, time: i64) -> i64 {
    days_since_1970(year, month, day) * MS_PER_DAY + time
}
