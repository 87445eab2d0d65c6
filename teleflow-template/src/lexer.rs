//! Splits a template into tokens. The mode depends on earlier tokens, but not on the parser.

use crate::ast::{Span, Strip};
use crate::error::{Error, quoted};
use crate::javascript::is_word;
use crate::scan;
use crate::token::{Open, Token, TokenKind};

/// The mode of the lexer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Text,
    /// After `\{{`: the tag is text.
    Escaped,
    Tag,
    /// In a raw block, inside this many raw blocks that are text.
    Raw(usize),
}

/// The rest of a template.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    source: &'a str,
    at: usize,
    mode: Mode,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self { source, at: 0, mode: Mode::Text }
    }

    /// An error at an offset.
    pub(crate) fn error(&self, offset: usize, message: impl Into<String>) -> Error {
        Error::new(self.source, offset, message.into())
    }

    /// The source of a span.
    pub(crate) fn source(&self, span: Span) -> &'a str {
        self.source.get(span.start..span.end).unwrap_or_default()
    }

    pub(crate) fn next(&mut self) -> Result<Token, Error> {
        loop {
            let found = match self.mode {
                Mode::Text => self.text()?,
                Mode::Escaped => Some(self.escaped()?),
                Mode::Tag => self.tag()?,
                Mode::Raw(depth) => self.raw(depth)?,
            };
            if let Some(token) = found {
                return Ok(token);
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// Takes a token of `length` bytes.
    fn take(&mut self, length: usize, kind: TokenKind) -> Token {
        let start = self.at;
        self.at += length;
        Token { kind, span: Span { start, end: self.at } }
    }

    fn without_nul(&self, text: &str) -> Result<(), Error> {
        match text.find('\0') {
            Some(at) => Err(self.error(self.at + at, "a template must not contain NUL")),
            None => Ok(()),
        }
    }

    /// Reads text up to the next tag; `None` if it is empty.
    fn text(&mut self) -> Result<Option<Token>, Error> {
        let rest = self.rest();
        let tag = rest.find("{{");
        let text = rest.get(..tag.unwrap_or(rest.len())).unwrap_or_default();
        self.without_nul(text)?;
        let Some(length) = tag else {
            let kind = if text.is_empty() { TokenKind::End } else { TokenKind::Text(text.to_owned()) };
            return Ok(Some(self.take(text.len(), kind)));
        };
        let (value, mode) = match text.strip_suffix('\\') {
            // The backslash is escaped.
            Some(shorter) if shorter.ends_with('\\') => (shorter, Mode::Tag),
            Some(shorter) => (shorter, Mode::Escaped),
            None => (text, Mode::Tag),
        };
        self.mode = mode;
        let token = self.take(length, TokenKind::Text(value.to_owned()));
        Ok((!value.is_empty()).then_some(token))
    }

    /// Reads the escaped tag after a backslash, and the text up to the next tag or its backslashes.
    fn escaped(&mut self) -> Result<Token, Error> {
        let rest = self.rest();
        let after = rest.get(2..).unwrap_or_default();
        let inside = after.get(..after.find("{{").unwrap_or(after.len())).unwrap_or_default();
        let inside = match inside.len() < after.len() {
            true => {
                let shorter = inside.strip_suffix('\\').unwrap_or(inside);
                shorter.strip_suffix('\\').filter(|_| shorter.len() < inside.len()).unwrap_or(shorter)
            }
            false => inside,
        };
        let length = inside.len() + 2;
        let text = rest.get(..length).unwrap_or_default();
        self.without_nul(text)?;
        self.mode = Mode::Text;
        Ok(self.take(length, TokenKind::Text(text.to_owned())))
    }

    fn raw(&mut self, depth: usize) -> Result<Option<Token>, Error> {
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(Some(self.take(0, TokenKind::End)));
        }
        if let Some(inner) = rest.strip_prefix("{{{{") {
            match inner.strip_prefix('/') {
                Some(end) => {
                    let name = scan::name_letters(end);
                    if !name.is_empty() && end.get(name.len()..).is_some_and(|rest| rest.starts_with("}}}}")) {
                        let length = 4 + 1 + name.len() + 4;
                        let Some(outer) = depth.checked_sub(1) else {
                            self.mode = Mode::Text;
                            return Ok(Some(self.take(length, TokenKind::EndRaw(name.to_owned()))));
                        };
                        self.mode = Mode::Raw(outer);
                        let text = rest.get(..length).unwrap_or_default().to_owned();
                        return Ok(Some(self.take(length, TokenKind::Text(text))));
                    }
                }
                None if !inner.is_empty() => {
                    self.mode = Mode::Raw(depth + 1);
                    return Ok(Some(self.take(4, TokenKind::Text("{{{{".to_owned()))));
                }
                None => {}
            }
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let Some(length) = rest.get(first..).and_then(|rest| rest.find("{{{{")).map(|at| at + first) else {
            return Err(self.error(self.at, "a raw block is not closed"));
        };
        let text = rest.get(..length).unwrap_or_default();
        self.without_nul(text)?;
        Ok(Some(self.take(length, TokenKind::Text(text.to_owned()))))
    }

    /// Reads a token inside a tag; `None` for whitespace.
    fn tag(&mut self) -> Result<Option<Token>, Error> {
        let rest = self.rest();
        let space = scan::whitespace(rest).len();
        if space > 0 {
            self.at += space;
            return Ok(None);
        }
        if rest.is_empty() {
            return Ok(Some(self.take(0, TokenKind::End)));
        }
        if let Some(inner) = rest.strip_prefix("{{") {
            return self.start_of_tag(rest, inner).map(Some);
        }
        if let Some((length, kind)) = end_of_tag(rest) {
            self.mode = if kind == TokenKind::CloseRaw { Mode::Raw(0) } else { Mode::Text };
            return Ok(Some(self.take(length, kind)));
        }
        match inside_of_tag(rest) {
            Some((length, kind)) => Ok(Some(self.take(length, kind))),
            None => Err(self.not_a_token(rest)),
        }
    }

    /// The error for text that is not a token.
    fn not_a_token(&self, rest: &str) -> Error {
        if rest.starts_with(['"', '\'']) {
            return self.error(self.at, "a string is not closed");
        }
        if rest.starts_with('[') {
            return self.error(self.at, "a `[` is not closed");
        }
        // A name must be followed by whitespace or the end of the tag.
        let name = scan::name_letters(rest).len();
        let at = self.at + name;
        match rest.get(name..).and_then(|rest| rest.chars().next()) {
            Some(letter) => self.error(at, format!("unexpected {}", quoted(&letter.to_string()))),
            None => self.error(at, "a tag is not closed"),
        }
    }

    fn start_of_tag(&mut self, rest: &str, inner: &str) -> Result<Token, Error> {
        if inner.starts_with("{{") {
            return Ok(self.take(4, TokenKind::OpenRaw));
        }
        let (strip, inner) = inner.strip_prefix('~').map_or((false, inner), |inner| (true, inner));
        let before = 2 + usize::from(strip);
        if inner.starts_with('!')
            && let Some(length) = comment(rest, inner)
        {
            self.mode = Mode::Text;
            let text = rest.get(..length).unwrap_or_default();
            let strip = Strip { open: strip, close: text.ends_with("~}}") };
            return Ok(self.take(length, TokenKind::Comment(comment_value(text).to_owned(), strip)));
        }
        if inner.starts_with("!--") {
            return Err(self.error(self.at, "a comment is not closed: it ends with `--}}`"));
        }
        if let Some((length, close)) = else_tag(inner) {
            self.mode = Mode::Text;
            return Ok(self.take(before + length, TokenKind::Else(Strip { open: strip, close })));
        }
        let spaces = scan::whitespace(inner).len();
        let is_else = inner.get(spaces..).and_then(|inner| inner.strip_prefix("else"));
        if is_else.is_some_and(|after| !after.starts_with(is_word)) {
            return Ok(self.take(before + spaces + 4, TokenKind::OpenElse { strip }));
        }
        let open = |escaped, decorator| TokenKind::Open(Open { strip, escaped, decorator });
        let (length, kind) = match inner {
            _ if inner.starts_with("#>") => (2, TokenKind::OpenPartialBlock { strip }),
            _ if inner.starts_with("#*") => (2, TokenKind::OpenBlock { strip, decorator: true }),
            _ if inner.starts_with('#') => (1, TokenKind::OpenBlock { strip, decorator: false }),
            _ if inner.starts_with('>') => (1, TokenKind::OpenPartial { strip }),
            _ if inner.starts_with('/') => (1, TokenKind::OpenEnd { strip }),
            _ if inner.starts_with('^') => (1, TokenKind::OpenInverted { strip }),
            _ if inner.starts_with('{') => (1, TokenKind::OpenUnescaped { strip }),
            _ if inner.starts_with('&') => (1, open(false, false)),
            _ if inner.starts_with('*') => (1, open(true, true)),
            _ => (0, open(true, false)),
        };
        Ok(self.take(before + length, kind))
    }
}

/// The length of `^ ~}}` or `else ~}}`, and whether it has the `~`.
fn else_tag(inner: &str) -> Option<(usize, bool)> {
    let after = inner.strip_prefix('^').or_else(|| {
        let spaces = scan::whitespace(inner).len();
        inner.get(spaces..)?.strip_prefix("else")
    })?;
    let after = after.get(scan::whitespace(after).len()..)?;
    let (strip, end) = after.strip_prefix('~').map_or((false, after), |end| (true, end));
    end.strip_prefix("}}").map(|rest| (inner.len() - rest.len(), strip))
}

/// The length of a comment tag.
fn comment(rest: &str, inner: &str) -> Option<usize> {
    if !inner.starts_with("!--") {
        return rest.find("}}").map(|at| at + 2);
    }
    let mut ends = rest.match_indices("}}").map(|(at, _)| at);
    let is_end = |at: &usize| {
        let before = rest.get(..*at).unwrap_or_default();
        before.strip_suffix('~').unwrap_or(before).ends_with("--")
    };
    ends.find(is_end).map(|at| at + 2)
}

/// The text between the delimiters of a comment.
fn comment_value(text: &str) -> &str {
    let once = |text: &'_ str, part: char| text.strip_prefix(part).map_or(0, |_| part.len_utf8());
    let mut value = text.strip_prefix("{{").unwrap_or(text);
    for part in ['~', '!', '-', '-'] {
        value = value.get(once(value, part)..).unwrap_or_default();
    }
    value = value.strip_suffix("}}").unwrap_or(value);
    for part in ['~', '-', '-'] {
        value = value.strip_suffix(part).unwrap_or(value);
    }
    value
}

fn end_of_tag(rest: &str) -> Option<(usize, TokenKind)> {
    if rest.starts_with("}}}}") {
        return Some((4, TokenKind::CloseRaw));
    }
    if rest.starts_with("}}}") {
        return Some((3, TokenKind::CloseUnescaped { strip: false }));
    }
    if rest.starts_with("}~}}") {
        return Some((4, TokenKind::CloseUnescaped { strip: true }));
    }
    if rest.starts_with("}}") {
        return Some((2, TokenKind::Close { strip: false }));
    }
    rest.starts_with("~}}").then_some((3, TokenKind::Close { strip: true }))
}

fn inside_of_tag(rest: &str) -> Option<(usize, TokenKind)> {
    let first = rest.chars().next()?;
    let found = match first {
        '(' => (1, TokenKind::OpenParenthesis),
        ')' => (1, TokenKind::CloseParenthesis),
        '=' => (1, TokenKind::Equals),
        '@' => (1, TokenKind::At),
        '|' => (1, TokenKind::CloseParams),
        '.' if rest.starts_with("..") => (2, TokenKind::Id("..".to_owned())),
        '.' if scan::is_name_ended(rest, 1) => (1, TokenKind::Id(".".to_owned())),
        '.' | '/' => (1, TokenKind::Separator(first)),
        '"' | '\'' => {
            let text = scan::delimited(rest, first)?;
            (text.len() + 2, TokenKind::String(text.replace(&format!("\\{first}"), &first.to_string())))
        }
        '[' => {
            let length = scan::delimited(rest, ']')?.len() + 2;
            (length, TokenKind::Id(without_backslashes(rest.get(..length)?)))
        }
        _ => return word(rest),
    };
    Some(found)
}

fn word(rest: &str) -> Option<(usize, TokenKind)> {
    for (keyword, kind) in [
        ("true", TokenKind::Boolean(true)),
        ("false", TokenKind::Boolean(false)),
        ("undefined", TokenKind::Undefined),
        ("null", TokenKind::Null),
    ] {
        if scan::is_keyword(rest, keyword) {
            return Some((keyword.len(), kind));
        }
    }
    if let Some(number) = scan::number(rest) {
        return Some((number.len(), TokenKind::Number(number.parse().ok()?)));
    }
    if let Some(after) = rest.strip_prefix("as") {
        let spaces = scan::whitespace(after).len();
        if spaces > 0 && after.get(spaces..).is_some_and(|after| after.starts_with('|')) {
            return Some((2 + spaces + 1, TokenKind::OpenParams));
        }
    }
    scan::name(rest).map(|name| (name.len(), TokenKind::Id(name.to_owned())))
}

/// Replaces `\]` with `]`, and `\\` with `\`.
fn without_backslashes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = letters.next_if(|next| letter == '\\' && matches!(next, '\\' | ']'));
        plain.push(escaped.unwrap_or(letter));
    }
    plain
}
