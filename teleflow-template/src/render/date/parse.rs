//! `Date.parse` of V8: ISO 8601, and many other forms.

use super::composer::Composer;
use super::token::{Scanner, Token};

/// Parses a date. Returns the milliseconds since 1970; `None` if it is not a date.
// Source: V8, src/date/dateparser-inl.h
pub(in super::super) fn parse(text: &str) -> Option<i64> {
    let mut scanner = Scanner::new(text);
    let mut composer = Composer::default();
    let mut token = iso(&mut scanner, &mut composer)?;
    let mut has_number = !composer.day.is_empty();
    while token != Token::End {
        match token {
            Token::Number(number, length) => {
                has_number = true;
                self::number(&mut scanner, &mut composer, (number, length))?;
            }
            Token::HalfDay(hours) if !composer.time.is_empty() => composer.half_day = Some(hours),
            Token::Month(month) => {
                composer.named_month = Some(month);
                scanner.skip('-');
            }
            Token::Zone(hours, _) if has_number => composer.zone.set(hours),
            Token::HalfDay(_) | Token::Zone(..) | Token::TimeSeparator | Token::Word => {
                // A word without a meaning is allowed before the numbers only, and not directly before.
                if has_number || matches!(scanner.peek(), Token::Number(..)) {
                    return None;
                }
            }
            Token::Symbol(sign @ ('+' | '-')) if composer.zone.is_utc() || !composer.time.is_empty() => {
                has_number = true;
                offset(&mut scanner, &mut composer, sign)?;
            }
            Token::Symbol('+' | '-' | ')') if has_number => return None,
            Token::Symbol(_) | Token::Space | Token::Other | Token::End => {}
        }
        token = scanner.next();
    }
    composer.finish()
}

fn number(scanner: &mut Scanner<'_>, composer: &mut Composer, (number, _): (i64, usize)) -> Option<()> {
    if scanner.skip(':') {
        if scanner.skip(':') {
            if !composer.time.is_empty() {
                return None;
            }
            composer.add_time(number)?;
            return composer.add_time(0);
        }
        composer.add_time(number)?;
        if scanner.peek() == Token::Symbol('.') {
            scanner.next();
        }
        return Some(());
    }
    if scanner.skip('.') && composer.expects_time(number) {
        composer.add_time(number)?;
        let Token::Number(fraction, length) = scanner.next() else { return None };
        composer.end_time(milliseconds(fraction, length));
    } else if composer.zone.expects(number) {
        composer.zone.minute = Some(number);
    } else if composer.expects_time(number) {
        composer.end_time(number);
        let next = scanner.peek();
        let may_follow = matches!(next, Token::End | Token::Space | Token::Zone(_, 1) | Token::Symbol('+' | '-'));
        return may_follow.then_some(());
    } else {
        composer.add_day(number)?;
        scanner.skip('-');
    }
    Some(())
}

/// The offset after a sign: hours, `hhmm`, or hours before a `:`.
fn offset(scanner: &mut Scanner<'_>, composer: &mut Composer, sign: char) -> Option<()> {
    let (mut number, mut length) = (0, 0);
    if let Token::Number(next, next_length) = scanner.peek() {
        scanner.next();
        (number, length) = (next, next_length);
    }
    let zone = &mut composer.zone;
    zone.sign = Some(if sign == '-' { -1 } else { 1 });
    if scanner.peek() == Token::Symbol(':') {
        (zone.hour, zone.minute) = (Some(number), None);
    } else {
        (zone.hour, zone.minute) = match length {
            1 | 2 => (Some(number), Some(0)),
            3 | 4 => (Some(number / 100), Some(number % 100)),
            _ => return None,
        };
    }
    Some(())
}

/// The milliseconds of a fraction of a second.
fn milliseconds(number: i64, length: usize) -> i64 {
    match length {
        1 => number * 100,
        2 => number * 10,
        _ => number / 10_i64.pow(u32::try_from(length.clamp(3, 9) - 3).unwrap_or_default()),
    }
}

/// Parses a date in the form of ISO 8601. Returns the token from which on it has another form. `None` if the text is not a
/// date.
fn iso(scanner: &mut Scanner<'_>, composer: &mut Composer) -> Option<Token> {
    let first = scanner.peek();
    if let Token::Symbol(sign @ ('+' | '-')) = first {
        scanner.next();
        let Some(year) = scanner.fixed(6, if sign == '-' { 1 } else { 0 }, 999_999) else {
            // V8 has taken the year of `-000000`.
            scanner.fixed(6, 0, 0);
            return Some(first);
        };
        composer.add_day(if sign == '-' { -year } else { year })?;
    } else if let Some(year) = scanner.fixed(4, 0, 9999) {
        composer.add_day(year)?;
    } else {
        return Some(scanner.next());
    }
    if scanner.skip('-') {
        let Some(month) = scanner.fixed(2, 1, 12) else { return Some(scanner.next()) };
        composer.add_day(month)?;
        if scanner.skip('-') {
            let Some(day) = scanner.fixed(2, 1, 31) else { return Some(scanner.next()) };
            composer.add_day(day)?;
        }
    }
    match scanner.peek() {
        Token::TimeSeparator => iso_time(scanner, composer)?,
        Token::End => {}
        _ => return Some(scanner.next()),
    }
    composer.is_iso = true;
    Some(Token::End)
}

fn iso_time(scanner: &mut Scanner<'_>, composer: &mut Composer) -> Option<()> {
    scanner.next();
    let hour = scanner.fixed(2, 0, 24)?;
    let (minutes, fraction) = if hour == 24 { (0, 0) } else { (59, i64::MAX) };
    composer.add_time(hour)?;
    if !scanner.skip(':') {
        return None;
    }
    composer.add_time(scanner.fixed(2, 0, minutes)?)?;
    if scanner.skip(':') {
        composer.add_time(scanner.fixed(2, 0, minutes)?)?;
        if scanner.skip('.') {
            let Token::Number(number, length) = scanner.next() else { return None };
            if number > fraction {
                return None;
            }
            composer.add_time(milliseconds(number, length))?;
        }
    }
    match scanner.peek() {
        Token::Zone(_, 1) => {
            scanner.next();
            composer.zone.set(0);
        }
        Token::Symbol(sign @ ('+' | '-')) => {
            scanner.next();
            composer.zone.sign = Some(if sign == '-' { -1 } else { 1 });
            iso_offset(scanner, composer)?;
        }
        _ => {}
    }
    (scanner.peek() == Token::End).then_some(())
}

/// `hhmm` or `hh:mm`.
fn iso_offset(scanner: &mut Scanner<'_>, composer: &mut Composer) -> Option<()> {
    let (hour, minute) = match scanner.fixed(4, 0, 2359) {
        Some(both) => (both / 100, both % 100),
        None => {
            let hour = scanner.fixed(2, 0, 23)?;
            (hour, scanner.skip(':').then(|| scanner.fixed(2, 0, 59)).flatten()?)
        }
    };
    (composer.zone.hour, composer.zone.minute) = (Some(hour), Some(minute));
    (minute < 60).then_some(())
}
