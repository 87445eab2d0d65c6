//! Collects the parts of a date in text.

use super::calendar::{clip, milliseconds};

/// The parts that have been read.
#[derive(Debug, Default)]
pub(super) struct Composer {
    /// Numbers of the date, in their order.
    pub(super) day: Vec<i64>,
    pub(super) named_month: Option<i64>,
    /// Whether the date has the form of ISO 8601.
    pub(super) is_iso: bool,
    /// Hour, minute, second, millisecond.
    pub(super) time: Vec<i64>,
    /// Hours that `am` or `pm` adds.
    pub(super) half_day: Option<i64>,
    pub(super) zone: Zone,
}

/// The offset from UTC.
#[derive(Debug, Default)]
pub(super) struct Zone {
    pub(super) sign: Option<i64>,
    pub(super) hour: Option<i64>,
    pub(super) minute: Option<i64>,
}

impl Zone {
    pub(super) fn set(&mut self, hours: i64) {
        *self = Self { sign: Some(if hours < 0 { -1 } else { 1 }), hour: Some(hours.abs()), minute: Some(0) };
    }

    pub(super) fn is_utc(&self) -> bool {
        self.hour == Some(0) && self.minute == Some(0)
    }

    /// Whether a number may be the minutes of the offset.
    pub(super) fn expects(&self, number: i64) -> bool {
        self.hour.is_some() && self.minute.is_none() && (0..60).contains(&number)
    }

    fn milliseconds(&self) -> Option<i64> {
        let Some(sign) = self.sign else { return Some(0) };
        // V8 counts the seconds in 32 bits without a sign.
        let seconds = self.hour.unwrap_or(0) * 3600 + self.minute.unwrap_or(0) * 60;
        let seconds = i32::try_from(seconds as u32).ok()?;
        Some(sign * i64::from(seconds) * 1000)
    }
}

fn is_day(number: i64) -> bool {
    (1..=31).contains(&number)
}

impl Composer {
    /// Adds a number of the date. There are at most three.
    pub(super) fn add_day(&mut self, number: i64) -> Option<()> {
        (self.day.len() < 3).then(|| self.day.push(number))
    }

    /// Adds a number of the time. There are at most four.
    pub(super) fn add_time(&mut self, number: i64) -> Option<()> {
        (self.time.len() < 4).then(|| self.time.push(number))
    }

    /// Adds the last number of the time.
    pub(super) fn end_time(&mut self, number: i64) {
        self.time.push(number);
        self.time.resize(4, 0);
    }

    /// Whether a number may be the next of the time.
    pub(super) fn expects_time(&self, number: i64) -> bool {
        match self.time.len() {
            1 | 2 => (0..60).contains(&number),
            3 => (0..1000).contains(&number),
            _ => false,
        }
    }

    /// The milliseconds since 1970.
    pub(super) fn finish(self) -> Option<i64> {
        let (year, month, day) = self.date()?;
        let time = self.time()?;
        // A year that no date can have would overflow.
        let milliseconds = if year.abs() > 400_000 { return None } else { milliseconds(year, month, day, time) };
        clip((milliseconds - self.zone.milliseconds()?) as f64)
    }

    fn date(&self) -> Option<(i64, i64, i64)> {
        let first = *self.day.first()?;
        let [second, third] = [1, 2].map(|index| self.day.get(index).copied().unwrap_or(1));
        let (year, month, day) = match self.named_month {
            None if self.is_iso || !is_day(first) => (first, second, third),
            None => (third, first, second),
            Some(month) if !is_day(first) => (first, month, second),
            Some(month) => (second, month, first),
        };
        let year = match year {
            0..=49 if !self.is_iso => year + 2000,
            50..=99 if !self.is_iso => year + 1900,
            _ => year,
        };
        ((1..=12).contains(&month) && is_day(day)).then_some((year, month, day))
    }

    /// The milliseconds since midnight.
    fn time(&self) -> Option<i64> {
        let [hour, minute, second, millisecond] = [0, 1, 2, 3].map(|index| self.time.get(index).copied().unwrap_or(0));
        let hour = match self.half_day {
            Some(_) if !(0..=12).contains(&hour) => return None,
            Some(added) => hour % 12 + added,
            None => hour,
        };
        let is_in_day = hour < 24 && minute < 60 && second < 60 && millisecond < 1000;
        let is_midnight = (hour, minute, second, millisecond) == (24, 0, 0, 0);
        let time = ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
        (is_in_day || is_midnight).then_some(time)
    }
}
