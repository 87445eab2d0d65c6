//! The tokens of a template.

use crate::ast::{Span, Strip};

/// A token and its position.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

/// The kinds of tokens. `strip`: the start of the tag is followed by `~`, or its end is preceded by it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    End,
    Text(String),
    Comment(String, Strip),
    /// `{{`, `{{&`, `{{*`.
    Open(Open),
    /// `{{{`.
    OpenUnescaped {
        strip: bool,
    },
    /// `{{{{`.
    OpenRaw,
    /// `{{{{/name}}}}`, with the name.
    EndRaw(String),
    /// `{{#`; `{{#*`.
    OpenBlock {
        strip: bool,
        decorator: bool,
    },
    /// `{{^`.
    OpenInverted {
        strip: bool,
    },
    /// `{{else `.
    OpenElse {
        strip: bool,
    },
    /// `{{else}}`, `{{^}}`.
    Else(Strip),
    /// `{{/`.
    OpenEnd {
        strip: bool,
    },
    /// `{{>`.
    OpenPartial {
        strip: bool,
    },
    /// `{{#>`.
    OpenPartialBlock {
        strip: bool,
    },
    /// `}}`.
    Close {
        strip: bool,
    },
    /// `}}}`.
    CloseUnescaped {
        strip: bool,
    },
    /// `}}}}`.
    CloseRaw,
    OpenParenthesis,
    CloseParenthesis,
    Equals,
    /// `as |`.
    OpenParams,
    /// `|`.
    CloseParams,
    /// `@`.
    At,
    /// `.` or `/`.
    Separator(char),
    /// A name, including its brackets.
    Id(String),
    String(String),
    Number(f64),
    Boolean(bool),
    Undefined,
    Null,
}

/// The start of a mustache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) strip: bool,
    pub(crate) escaped: bool,
    pub(crate) decorator: bool,
}
