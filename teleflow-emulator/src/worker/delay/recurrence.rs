//! Recurrence rules, as rrule.js 2.7 evaluates them. The first period begins with the start, not before it.
// Source: `iter/index.js` and `datetime.js` of rrule.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Span, ToSpan};

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Frequency {
    #[default]
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
}

/// How many periods lie between two of the same rule.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Interval {
    /// There is no second period.
    #[default]
    FirstPeriodOnly,
    Periods(i64),
}

/// When something recurs. An empty list allows each day.
#[derive(Debug, Clone, Default)]
pub(super) struct Rule {
    pub(super) frequency: Frequency,
    pub(super) interval: Interval,
    /// Which of a period's days counts: 1 is the first, -1 the last.
    pub(super) position: Option<i32>,
    pub(super) week_days: Option<Vec<Weekday>>,
    /// Days of the month. Negative ones count from its end.
    pub(super) month_days: Option<Vec<i64>>,
    pub(super) hour: Option<i8>,
    pub(super) minute: Option<i8>,
    pub(super) second: Option<i8>,
}

impl Rule {
    /// The first time after `start` and not after `until`.
    pub(super) fn next(mut self, start: DateTime, until: DateTime) -> Option<DateTime> {
        self.add_defaults(start);
        let mut period = start;
        let mut is_first = true;
        while is_first || period.date() <= until.date() {
            let times = self.days(period.date()).into_iter().filter_map(|day| self.time(day, period, start, is_first));
            if let Some(next) = times.into_iter().find(|time| *time > start) {
                return (next <= until).then_some(next);
            }
            is_first = false;
            period = self.next_period(period)?;
        }
        None
    }

    /// A rule without days has the day of the start.
    fn add_defaults(&mut self, start: DateTime) {
        if self.week_days.is_some() || self.month_days.is_some() {
            return;
        }
        match self.frequency {
            Frequency::Monthly => self.month_days = Some(vec![i64::from(start.day())]),
            Frequency::Weekly => self.week_days = Some(vec![start.weekday()]),
            Frequency::Minutely | Frequency::Hourly | Frequency::Daily => {}
        }
    }

    /// The days of a period that the rule allows.
    fn days(&self, day: Date) -> Vec<Date> {
        let days: Vec<Date> = match self.frequency {
            Frequency::Monthly => day.first_of_month().series(1.day()).take(day.days_in_month() as usize).collect(),
            Frequency::Weekly => {
                let rest = 7 - day.weekday().to_monday_zero_offset();
                day.series(1.day()).take(rest as usize).collect()
            }
            Frequency::Minutely | Frequency::Hourly | Frequency::Daily => vec![day],
        };
        let mut days: Vec<Date> = days.into_iter().filter(|day| self.allows(*day)).collect();
        if let Some(position) = self.position {
            let index = usize::try_from(position - 1).ok().or_else(|| days.len().checked_sub(1));
            days = index.and_then(|index| days.get(index).copied()).into_iter().collect();
        }
        days
    }

    fn allows(&self, day: Date) -> bool {
        let is_week_day = |days: &Vec<Weekday>| days.is_empty() || days.contains(&day.weekday());
        let (from_start, from_end) = (i64::from(day.day()), i64::from(day.day() - day.days_in_month() - 1));
        let is_month_day = |days: &Vec<i64>| days.is_empty() || days.contains(&from_start) || days.contains(&from_end);
        self.week_days.as_ref().is_none_or(is_week_day) && self.month_days.as_ref().is_none_or(is_month_day)
    }

    /// The time on a day of a period. Hours and minutes that the rule does not set are those of the period.
    fn time(&self, day: Date, period: DateTime, start: DateTime, is_first: bool) -> Option<DateTime> {
        let has_time = matches!(self.frequency, Frequency::Daily | Frequency::Weekly | Frequency::Monthly);
        let (hour, minute) = match self.frequency {
            Frequency::Minutely => (period.hour(), period.minute()),
            Frequency::Hourly => (period.hour(), self.minute.unwrap_or(start.minute())),
            _ => (self.hour.unwrap_or(start.hour()), self.minute.unwrap_or(start.minute())),
        };
        let is_allowed = has_time
            || (self.hour.is_none_or(|allowed| allowed == hour) && self.minute.is_none_or(|allowed| allowed == minute));
        let second = self.second.unwrap_or(start.second());
        // Only the first period and rules with a time of day keep the milliseconds.
        let nanos = if is_first || has_time { start.millisecond() } else { 0 };
        let time = Time::new(hour, minute, second, i32::from(nanos) * 1_000_000).ok()?;
        is_allowed.then(|| day.to_datetime(time))
    }

    fn next_period(&self, period: DateTime) -> Option<DateTime> {
        let Interval::Periods(count) = self.interval else { return None };
        let (from, span) = match self.frequency {
            Frequency::Minutely => (period, Span::new().try_minutes(count)),
            Frequency::Hourly => (period, Span::new().try_hours(count)),
            Frequency::Daily => (period, Span::new().try_days(count)),
            Frequency::Weekly => {
                let monday = i64::from(period.weekday().to_monday_zero_offset());
                (period.checked_sub(Span::new().try_days(monday).ok()?).ok()?, Span::new().try_weeks(count))
            }
            Frequency::Monthly => (period.first_of_month(), Span::new().try_months(count)),
        };
        from.checked_add(span.ok()?).ok()
    }
}
