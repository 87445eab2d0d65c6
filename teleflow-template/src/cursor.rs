//! Reads the tokens of a template one by one.

use crate::ast::Span;
use crate::error::{Error, quoted};
use crate::lexer::Lexer;
use crate::token::{Token, TokenKind};

/// The tokens of a template, with two tokens of lookahead.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    lexer: Lexer<'a>,
    next: Option<Token>,
    second: Option<Token>,
    /// The end of the last token that was taken.
    pub(crate) end: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self { lexer: Lexer::new(source), next: None, second: None, end: 0 }
    }

    pub(crate) fn take(&mut self) -> Result<Token, Error> {
        let token = match self.next.take() {
            Some(token) => token,
            None => self.lexer.next()?,
        };
        self.next = self.second.take();
        self.end = token.span.end;
        Ok(token)
    }

    pub(crate) fn peek(&mut self) -> Result<&Token, Error> {
        let next = match self.next.take() {
            Some(token) => token,
            None => self.lexer.next()?,
        };
        Ok(self.next.insert(next))
    }

    pub(crate) fn peek_second(&mut self) -> Result<&Token, Error> {
        self.peek()?;
        let second = match self.second.take() {
            Some(token) => token,
            None => self.lexer.next()?,
        };
        Ok(self.second.insert(second))
    }

    pub(crate) fn error(&self, offset: usize, message: impl Into<String>) -> Error {
        self.lexer.error(offset, message)
    }

    /// The source of a span.
    pub(crate) fn source(&self, span: Span) -> &'a str {
        self.lexer.source(span)
    }

    /// The error for an unexpected token.
    pub(crate) fn unexpected(&self, token: &Token, expected: &str) -> Error {
        let found = match token.kind {
            TokenKind::End => "end of the template".to_owned(),
            TokenKind::Text(_) => "text".to_owned(),
            _ => quoted(self.source(token.span)),
        };
        self.error(token.span.start, format!("unexpected {found}, expected {expected}"))
    }
}
