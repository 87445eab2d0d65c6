//! The tokens of a date in text, as V8 reads them.

use crate::javascript::is_whitespace;

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    End,
    /// A number, and its length in the text.
    Number(i64, usize),
    /// One of `:-+.)`.
    Symbol(char),
    Month(i64),
    /// `am` or `pm`: the hours to add.
    HalfDay(i64),
    /// The name of a time zone: its hours, and the length of the name.
    Zone(i64, usize),
    /// `T`.
    TimeSeparator,
    /// A word without a meaning.
    Word,
    Space,
    /// Something in parentheses, or a character without a meaning.
    Other,
}

const WORDS: [(&str, Token); 26] = [
    ("jan", Token::Month(1)),
    ("feb", Token::Month(2)),
    ("mar", Token::Month(3)),
    ("apr", Token::Month(4)),
    ("may", Token::Month(5)),
    ("jun", Token::Month(6)),
    ("jul", Token::Month(7)),
    ("aug", Token::Month(8)),
    ("sep", Token::Month(9)),
    ("oct", Token::Month(10)),
    ("nov", Token::Month(11)),
    ("dec", Token::Month(12)),
    ("am", Token::HalfDay(0)),
    ("pm", Token::HalfDay(12)),
    ("ut", Token::Zone(0, 2)),
    ("utc", Token::Zone(0, 3)),
    ("z", Token::Zone(0, 1)),
    ("gmt", Token::Zone(0, 3)),
    ("cdt", Token::Zone(-5, 3)),
    ("cst", Token::Zone(-6, 3)),
    ("edt", Token::Zone(-4, 3)),
    ("est", Token::Zone(-5, 3)),
    ("mdt", Token::Zone(-6, 3)),
    ("mst", Token::Zone(-7, 3)),
    ("pdt", Token::Zone(-7, 3)),
    ("pst", Token::Zone(-8, 3)),
];

/// Reads tokens.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn peek(&self) -> Token {
        self.scan().0
    }

    pub(super) fn next(&mut self) -> Token {
        let (token, length) = self.scan();
        self.rest = self.rest.get(length..).unwrap_or_default();
        token
    }

    /// Takes a symbol if it is next.
    pub(super) fn skip(&mut self, symbol: char) -> bool {
        let is_next = self.peek() == Token::Symbol(symbol);
        if is_next {
            self.next();
        }
        is_next
    }

    /// Takes a number of this length, in this range, if it is next.
    pub(super) fn fixed(&mut self, length: usize, low: i64, high: i64) -> Option<i64> {
        match self.peek() {
            Token::Number(number, found) if found == length && (low..=high).contains(&number) => {
                self.next();
                Some(number)
            }
            _ => None,
        }
    }

    /// The next token and its length.
    fn scan(&self) -> (Token, usize) {
        let text = self.rest;
        let Some(first) = text.chars().next() else { return (Token::End, 0) };
        let one = first.len_utf8();
        let while_all = |predicate: fn(char) -> bool| text.find(|letter| !predicate(letter)).unwrap_or(text.len());
        match first {
            '0'..='9' => {
                let length = while_all(|letter| letter.is_ascii_digit());
                (Token::Number(number(text.get(..length).unwrap_or_default()), length), length)
            }
            ':' | '-' | '+' | '.' | ')' => (Token::Symbol(first), one),
            _ if is_in_words(first) => {
                let length = while_all(is_in_words);
                (word(text.get(..length).unwrap_or_default()), length)
            }
            _ if is_whitespace(first) => (Token::Space, one),
            '(' => (Token::Other, parentheses(text)),
            _ => (Token::Other, one),
        }
    }
}

fn is_in_words(letter: char) -> bool {
    letter >= 'A' && !is_whitespace(letter)
}

/// The value of at most nine digits after the leading zeros.
fn number(digits: &str) -> i64 {
    const MAX_DIGITS: usize = 9;
    let significant = digits.trim_start_matches('0');
    significant.get(..MAX_DIGITS).unwrap_or(significant).parse().unwrap_or_default()
}

/// Only the names of months may be longer than their first three letters.
fn word(text: &str) -> Token {
    let lower: String = text.chars().take(3).map(|letter| letter.to_ascii_lowercase()).collect();
    let length = text.encode_utf16().count();
    let found = WORDS.iter().find(|(name, token)| *name == lower && (length <= 3 || matches!(token, Token::Month(_))));
    match found {
        Some((_, token)) => *token,
        None if lower == "t" && length == 1 => Token::TimeSeparator,
        None => Token::Word,
    }
}

/// The length of a text in parentheses.
fn parentheses(text: &str) -> usize {
    let mut open = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => open += 1,
            ')' => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            return at + letter.len_utf8();
        }
    }
    text.len()
}
