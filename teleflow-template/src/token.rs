//! What the lexer makes of a template.

use crate::ast::{Span, Strip};

/// A token, and where it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

/// The kinds of tokens. `strip` of the start of a tag is whether it is followed by `~`.
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
    /// A name, with its brackets if it has some.
    Id(String),
    String(String),
    Number(f64),
    Boolean(bool),
    Undefined,
    Null,
}

/// How a mustache begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) strip: bool,
    pub(crate) escaped: bool,
    pub(crate) decorator: bool,
}
