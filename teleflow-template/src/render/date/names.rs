//! The English texts of date-fns.

/// The length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Narrow,
    Short,
    Abbreviated,
    Wide,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const QUARTERS: [&str; 4] = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"];

fn cut(names: &[&'static str], index: i64, width: Width) -> &'static str {
    let name = usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default();
    let letters = match width {
        Width::Narrow => 1,
        Width::Short => 2,
        Width::Abbreviated => 3,
        Width::Wide => name.len(),
    };
    name.get(..letters).unwrap_or(name)
}

/// A month, from 1 to 12.
pub(super) fn month(month: i64, width: Width) -> &'static str {
    cut(&MONTHS, month - 1, width)
}

/// A day of the week. 0 is Sunday.
pub(super) fn day(weekday: i64, width: Width) -> &'static str {
    cut(&DAYS, weekday, width)
}

/// A quarter, from 1 to 4.
pub(super) fn quarter(quarter: i64, width: Width) -> String {
    match width {
        Width::Narrow | Width::Short => quarter.to_string(),
        Width::Abbreviated => format!("Q{quarter}"),
        Width::Wide => cut(&QUARTERS, quarter - 1, width).to_owned(),
    }
}

/// The era of a year.
pub(super) fn era(year: i64, width: Width) -> &'static str {
    match (year > 0, width) {
        (true, Width::Narrow) => "A",
        (false, Width::Narrow) => "B",
        (true, Width::Wide) => "Anno Domini",
        (false, Width::Wide) => "Before Christ",
        (true, _) => "AD",
        (false, _) => "BC",
    }
}

/// A number as `1st`.
pub(super) fn ordinal(number: i64) -> String {
    let suffix = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

/// `AM` or `PM`.
pub(super) fn half_day(hour: i64, width: Width) -> &'static str {
    match (hour >= 12, width) {
        (true, Width::Narrow) => "p",
        (false, Width::Narrow) => "a",
        (true, Width::Wide) => "p.m.",
        (false, Width::Wide) => "a.m.",
        (true, _) => "PM",
        (false, _) => "AM",
    }
}

/// `AM`, `PM`, `noon` or `midnight`.
pub(super) fn half_day_or_noon(hour: i64, width: Width) -> &'static str {
    match (hour, width) {
        (0, Width::Narrow) => "mi",
        (0, _) => "midnight",
        (12, Width::Narrow) => "n",
        (12, _) => "noon",
        _ => half_day(hour, width),
    }
}

/// The part of the day.
pub(super) fn day_part(hour: i64) -> &'static str {
    match hour {
        17.. => "in the evening",
        12.. => "in the afternoon",
        4.. => "in the morning",
        _ => "at night",
    }
}
