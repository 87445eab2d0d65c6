//! The helper `dateFormat`.

use serde_json::{Value, json};

use super::{errors, texts};

#[track_caller]
fn formats(date: &str, cases: &[(&str, &str)]) {
    for (pattern, expected) in cases {
        texts(&json!({ "d": date, "f": pattern }), &[("{{{dateFormat d f}}}", expected)]);
    }
}

#[test]
fn patterns() {
    formats(
        "2024-03-09T14:05:07.089Z",
        &[
            ("G GG GGG GGGG GGGGG", "AD AD AD Anno Domini A"),
            ("y yo yy yyy yyyy yyyyy", "2024 2024th 24 2024 2024 02024"),
            ("Y Yo YYY YYYYY", "2024 2024th 2024 02024"),
            ("R RR RRRRR u uuuuu", "2024 2024 02024 2024 02024"),
            ("Q Qo QQ QQQ QQQQ QQQQQ QQQQQQ", "1 1st 01 Q1 1st quarter 1 1st quarter"),
            ("q qo qq qqq qqqq qqqqq", "1 1st 01 Q1 1st quarter 1"),
            ("M Mo MM MMM MMMM MMMMM", "3 3rd 03 Mar March M"),
            ("L Lo LL LLL LLLL LLLLL", "3 3rd 03 Mar March M"),
            ("w wo ww I Io II", "10 10th 10 10 10th 10"),
            ("d do dd ddd", "9 9th 09 009"),
            ("Do DDD DDDD", "69th 069 0069"),
            ("E EE EEE EEEE EEEEE EEEEEE EEEEEEE", "Sat Sat Sat Saturday S Sa Saturday"),
            ("e eo ee eee eeee eeeee eeeeee", "7 7th 07 Sat Saturday S Sa"),
            ("c co cc ccc cccc ccccc cccccc", "7 7th 07 Sat Saturday S Sa"),
            ("i io ii iii iiii iiiii iiiiii", "6 6th 06 Sat Saturday S Sa"),
            ("a aa aaa aaaa aaaaa", "PM PM pm p.m. p"),
            ("b bb bbb bbbb bbbbb", "PM PM pm p.m. p"),
            ("B BBBB BBBBB", "in the afternoon in the afternoon in the afternoon"),
            ("h ho hh H Ho HH K Ko KK k ko kk", "2 2nd 02 14 14th 14 2 2nd 02 14 14th 14"),
            ("m mo mm s so ss", "5 5th 05 7 7th 07"),
            ("S SS SSS SSSSSS", "0 08 089 089000"),
            ("X XX XXX XXXX XXXXX", "Z Z Z Z Z"),
            ("x xx xxx xxxx xxxxx", "+00 +0000 +00:00 +0000 +00:00"),
            ("O OOO OOOO z zzz zzzz", "GMT+0 GMT+0 GMT+00:00 GMT+0 GMT+0 GMT+00:00"),
            ("t T tttttttttttt", "1709993107 1709993107089 001709993107"),
            ("P PP PPP PPPP", "03/09/2024 Mar 9, 2024 March 9th, 2024 Saturday, March 9th, 2024"),
            ("p pp ppp pppp", "2:05 PM 2:05:07 PM 2:05:07 PM GMT+0 2:05:07 PM GMT+00:00"),
            ("Pp", "03/09/2024, 2:05 PM"),
            ("PPp", "Mar 9, 2024, 2:05 PM"),
            ("PPPp", "March 9th, 2024 at 2:05 PM"),
            ("PPPPpppp", "Saturday, March 9th, 2024 at 2:05:07 PM GMT+00:00"),
            ("PPPPPppppp", "Saturday, March 9th, 2024 at 2:05:07 PM GMT+00:00"),
            ("pP", "2:05 PM03/09/2024"),
        ],
    );
}

#[test]
fn quotes_and_other_characters() {
    formats(
        "2024-03-09T14:05:07.089Z",
        &[
            ("'Day' d", "Day 9"),
            ("h 'o''clock'", "2 o'clock"),
            ("''d''", "'9'"),
            ("'''d'''", "'d'"),
            ("'open d", "open d"),
            ("'a''", "a'"),
            ("d'", "9"),
            ("'P' P", "P 03/09/2024"),
            ("_d_ 12:dé👍", "_9_ 12:9é👍"),
            ("d\nd\r\nM", "093"),
            ("'a\nb'", "a\nb"),
            ("dd.MM.yyyy", "09.03.2024"),
        ],
    );
    let context = |pattern: Value| json!({ "d": "2024-03-09", "f": pattern });
    errors(&context(json!("\n")), &[("{{dateFormat d f}}", "Cannot read properties of null (reading 'map')")]);
    for (pattern, letter) in
        [("n", 'n'), ("d of M", 'o'), ("yyo", 'o'), ("Eo", 'o'), ("A", 'A'), ("Z", 'Z'), ("j", 'j')]
    {
        let expected = format!("Format string contains an unescaped latin alphabet character `{letter}`");
        errors(&context(json!(pattern)), &[("{{dateFormat d f}}", &expected)]);
    }
    texts(&context(json!(5)), &[("{{dateFormat d f}}", "5")]);
    texts(&context(json!(["d", "M"])), &[("{{dateFormat d f}}", "9,3")]);
    for (pattern, instead, unit) in [
        ("YYYY", "yyyy", "years"),
        ("YY", "yy", "years"),
        ("D", "d", "days of the month"),
        ("DD", "dd", "days of the month"),
    ] {
        let expected = format!(
            "Use `{instead}` instead of `{pattern}` (in `{pattern}-M`) for formatting {unit} to the input `Sat Mar 09 2024 \
             00:00:00 GMT+0000 (Coordinated Universal Time)`; \
             see: https://github.com/date-fns/date-fns/blob/master/docs/unicodeTokens.md"
        );
        errors(&context(json!(format!("{pattern}-M"))), &[("{{dateFormat d f}}", &expected)]);
    }
}

#[test]
fn weeks_hours_and_years() {
    for (date, expected) in [
        ("2024-12-28", "52 2024 52 2024"),
        ("2024-12-29", "1 2025 52 2024"),
        ("2024-12-30", "1 2025 1 2025"),
        ("2021-01-01", "1 2021 53 2020"),
        ("2021-01-03", "2 2021 53 2020"),
        ("2020-12-31", "1 2021 53 2020"),
        ("2017-01-01", "1 2017 52 2016"),
        ("2000-02-29", "10 2000 9 2000"),
    ] {
        formats(date, &[("w Y I R", expected)]);
    }
    for (hour, expected) in [
        ("00", "12 0 0 24 AM midnight mi at night"),
        ("03", "3 3 3 3 AM AM a at night"),
        ("04", "4 4 4 4 AM AM a in the morning"),
        ("11", "11 11 11 11 AM AM a in the morning"),
        ("12", "12 12 0 12 PM noon n in the afternoon"),
        ("17", "5 17 5 17 PM PM p in the evening"),
        ("23", "11 23 11 23 PM PM p in the evening"),
    ] {
        formats(&format!("2024-01-02T{hour}:30:00Z"), &[("h H K k a b bbbbb B", expected)]);
    }
    formats("-000043-03-15T00:00:00Z", &[("y yyyy u GGGG EEEE", "44 0044 -43 Before Christ Friday")]);
    formats("+012024-02-29T00:00:00Z", &[("y-MM-dd Do", "12024-02-29 60th")]);
    formats("+275760-09-13T00:00:00Z", &[("y-MM-dd T", "275760-09-13 8640000000000000")]);
    for (day, expected) in
        [("01", "1st"), ("02", "2nd"), ("03", "3rd"), ("11", "11th"), ("12", "12th"), ("13", "13th"), ("21", "21st")]
    {
        formats(&format!("2024-01-{day}"), &[("do", expected)]);
    }
}

#[test]
fn dates_in_text() {
    for (date, expected) in [
        ("2024", "2024-01-01 00:00:00.000"),
        ("2024-05", "2024-05-01 00:00:00.000"),
        ("2024-02-30", "2024-03-01 00:00:00.000"),
        ("2024-05-01T10:20", "2024-05-01 10:20:00.000"),
        ("2024-05-01T10:20:30.5Z", "2024-05-01 10:20:30.500"),
        ("2024-05-01T10:20:30.123456+02:00", "2024-05-01 08:20:30.123"),
        ("2024-05-01T10:20-0830", "2024-05-01 18:50:00.000"),
        ("2024-05-01T24:00", "2024-05-02 00:00:00.000"),
        ("2024-05-01 10:20", "2024-05-01 10:20:00.000"),
        ("12/31/2023", "2023-12-31 00:00:00.000"),
        ("1/2/49", "2049-01-02 00:00:00.000"),
        ("1/2/50", "1950-01-02 00:00:00.000"),
        ("March 7, 2021", "2021-03-07 00:00:00.000"),
        ("7 Mar 2021 3:04 PM", "2021-03-07 15:04:00.000"),
        ("march 7", "2001-03-07 00:00:00.000"),
        ("Mon, 25 Dec 1995 13:30:00 +0430", "1995-12-25 09:00:00.000"),
        ("Mon, 25 Dec 1995 13:30:00 EST", "1995-12-25 18:30:00.000"),
        ("Sat Mar 09 2024 14:05:07 GMT+0100 (CET)", "2024-03-09 13:05:07.000"),
        ("Tuesday 5", "2001-05-01 00:00:00.000"),
        ("2024-1-5", "2024-01-05 00:00:00.000"),
        (" 2024-01-05", "2024-01-05 00:00:00.000"),
    ] {
        formats(date, &[("yyyy-MM-dd HH:mm:ss.SSS", expected)]);
    }
    for text in [
        "2024-13-01",
        "2024-05-01T25:00",
        "2024-05-01T10",
        "2024-05-01T24:01",
        "tomorrow",
        "5 days",
        "1700000000",
        "13/1/2024",
        "2024-05-01T10:20Zx",
        "12:30",
        "1 2 3 4",
        "2024-05-01T10:20+25:00",
        "00:61 1/1/2024",
        "+275760-09-14T00:00:00Z",
    ] {
        formats(text, &[("yyyy", text)]);
    }
}

#[test]
fn other_values() {
    texts(
        &json!({ "n": 2024, "ms": 1_700_000_000_000_u64, "s": 1_700_000_000, "zero": 0, "null": null, "yes": true, "l": ["2024-01-02"],
            "o": {}, "d": "2024-03-09", "empty": "" }),
        &[
            (
                "{{dateFormat n 'yyyy SSS'}} {{dateFormat 5 'yyyy S'}} {{dateFormat ms 'y'}} {{dateFormat s 'y'}}",
                "1970 024 1970 0 1700000000000 1700000000",
            ),
            (
                "[{{dateFormat zero 'y'}}{{dateFormat null 'y'}}{{dateFormat none 'y'}}{{dateFormat empty 'y'}}{{dateFormat yes 'y'}}]",
                "[0true]",
            ),
            (
                "{{dateFormat l 'y'}} {{dateFormat o 'y'}} {{dateFormat d empty}} {{dateFormat d none}} {{dateFormat d null}}",
                "2024 [object Object] 2024-03-09 2024-03-09 2024-03-09",
            ),
            ("{{uppercase (dateFormat d 'MMM')}}{{dateFormat \"<\" 'y'}}", "MAR&lt;"),
        ],
    );
    errors(
        &json!({ "d": "2024-03-09" }),
        &[("{{dateFormat d}}", "Format string contains an unescaped latin alphabet character `o`")],
    );
}
