//! Parses tokens into statements.

use crate::ast::{Block, BlockKind, Branch, Comment, Expression, Inverse, Mustache, Partial, Program, Span, Statement};
use crate::ast::{Strip, Text};
use crate::call::{MAX_NESTED, bare, call, name, partial_name};
use crate::cursor::Cursor;
use crate::error::{Error, quoted};
use crate::tag_name::TagName;
use crate::token::{Open, Token, TokenKind};
use crate::whitespace;

/// Parses a template.
///
/// Whitespace that is not printed is removed: next to `~`, and on lines with only a tag. The time is proportional to the length
/// of the template.
///
/// # Errors
///
/// [`Error`] if handlebars.js rejects the template too, or if blocks or parentheses are nested more than 100 deep.
///
/// ```
/// let program = teleflow_template::parse("Hi {{#if name}}{{name}}{{else}}you{{/if}}!")?;
/// assert_eq!(program.len(), 3);
/// # Ok::<(), teleflow_template::Error>(())
/// ```
pub fn parse(template: &str) -> Result<Program, Error> {
    let mut cursor = Cursor::new(template);
    let mut program = program(&mut cursor, 0)?;
    let token = cursor.take()?;
    if token.kind != TokenKind::End {
        return Err(cursor.unexpected(&token, "text or a tag"));
    }
    whitespace::remove(&mut program);
    Ok(program)
}

fn program(cursor: &mut Cursor<'_>, depth: usize) -> Result<Program, Error> {
    let mut program = Program::new();
    loop {
        let kind = &cursor.peek()?.kind;
        let is_statement = matches!(
            kind,
            TokenKind::Text(_)
                | TokenKind::Comment(..)
                | TokenKind::Open(_)
                | TokenKind::OpenUnescaped { .. }
                | TokenKind::OpenRaw
                | TokenKind::OpenBlock { .. }
                | TokenKind::OpenInverted { .. }
                | TokenKind::OpenPartial { .. }
                | TokenKind::OpenPartialBlock { .. }
        );
        if !is_statement {
            return Ok(program);
        }
        program.push(statement(cursor, depth)?);
    }
}

fn statement(cursor: &mut Cursor<'_>, depth: usize) -> Result<Statement, Error> {
    let token = cursor.take()?;
    let span = token.span;
    let block = |cursor: &mut Cursor<'_>, kind, strip| match depth < MAX_NESTED {
        true => block(cursor, kind, strip, span.start, depth + 1).map(Statement::Block),
        false => Err(cursor.error(span.start, format!("blocks are nested more than {MAX_NESTED} deep"))),
    };
    match token.kind {
        TokenKind::Text(value) => Ok(Statement::Text(Text::new(value, span))),
        TokenKind::Comment(value, strip) => Ok(Statement::Comment(Comment { value, strip, span })),
        TokenKind::Open(open) => mustache(cursor, open, false, span.start).map(Statement::Mustache),
        TokenKind::OpenUnescaped { strip } => {
            let open = Open { strip, escaped: false, decorator: false };
            mustache(cursor, open, true, span.start).map(Statement::Mustache)
        }
        TokenKind::OpenPartial { strip } => partial(cursor, strip, span.start).map(Statement::Partial),
        TokenKind::OpenPartialBlock { strip } => block(cursor, BlockKind::Partial, strip),
        TokenKind::OpenBlock { strip, decorator: false } => block(cursor, BlockKind::Section, strip),
        TokenKind::OpenBlock { strip, decorator: true } => block(cursor, BlockKind::Decorator, strip),
        TokenKind::OpenInverted { strip } => block(cursor, BlockKind::Inverted, strip),
        TokenKind::OpenRaw => raw_block(cursor, span.start).map(Statement::Block),
        _ => Err(cursor.unexpected(&token, "text or a tag")),
    }
}

fn mustache(cursor: &mut Cursor<'_>, open: Open, braces: bool, start: usize) -> Result<Mustache, Error> {
    let callee = name(cursor)?;
    let call = call(cursor, callee)?;
    let token = cursor.take()?;
    let close = match token.kind {
        TokenKind::Close { strip } if !braces => strip,
        TokenKind::CloseUnescaped { strip } if braces => strip,
        _ => return Err(cursor.unexpected(&token, if braces { "an argument or `}}}`" } else { "an argument or `}}`" })),
    };
    let Open { strip, escaped, decorator } = open;
    let span = Span { start, end: token.span.end };
    Ok(Mustache { call, escaped, decorator, strip: Strip { open: strip, close }, span })
}

fn partial(cursor: &mut Cursor<'_>, open: bool, start: usize) -> Result<Partial, Error> {
    let callee = partial_name(cursor)?;
    let call = call(cursor, callee)?;
    let close = close(cursor, "an argument or `}}`")?;
    let indent = String::new();
    Ok(Partial { call, indent, strip: Strip { open, close }, span: Span { start, end: cursor.end } })
}

/// Parses the end of a tag. Returns whether it has a `~`.
fn close(cursor: &mut Cursor<'_>, expected: &str) -> Result<bool, Error> {
    let token = cursor.take()?;
    match token.kind {
        TokenKind::Close { strip } => Ok(strip),
        _ => Err(cursor.unexpected(&token, expected)),
    }
}

fn block(cursor: &mut Cursor<'_>, kind: BlockKind, open: bool, start: usize, depth: usize) -> Result<Block, Error> {
    let mut branches = vec![branch(cursor, kind, open, start, depth)?];
    let mut inverse = None;
    loop {
        let Token { kind: next, span } = cursor.take()?;
        match next {
            TokenKind::OpenEnd { strip } => {
                let Some(first) = branches.first() else { continue };
                let close = end_tag(cursor, &first.call.callee, strip, span.start)?;
                return Ok(Block { kind, branches, inverse, close, span: Span { start, end: cursor.end } });
            }
            TokenKind::OpenElse { strip } if kind == BlockKind::Section && inverse.is_none() => {
                branches.push(branch(cursor, kind, strip, span.start, depth)?);
            }
            TokenKind::Else(strip) if matches!(kind, BlockKind::Section | BlockKind::Inverted) && inverse.is_none() => {
                inverse = Some(Inverse { program: program(cursor, depth)?, strip, tag: span });
            }
            _ => {
                let name = branches.first().map(|first| first.call.callee.span());
                let expected = match name.map(|name| cursor.source(name)) {
                    Some(name) => format!("`{{{{/{name}}}}}`"),
                    None => "an end tag".to_owned(),
                };
                return Err(cursor.unexpected(&Token { kind: next, span }, &expected));
            }
        }
    }
}

fn branch(cursor: &mut Cursor<'_>, kind: BlockKind, open: bool, start: usize, depth: usize) -> Result<Branch, Error> {
    let callee = if kind == BlockKind::Partial { partial_name(cursor)? } else { name(cursor)? };
    let call = call(cursor, callee)?;
    let mut block_params = Vec::new();
    if kind != BlockKind::Partial && cursor.peek()?.kind == TokenKind::OpenParams {
        block_params = names(cursor)?;
    }
    let close = close(cursor, "an argument or `}}`")?;
    let tag = Span { start, end: cursor.end };
    Ok(Branch { call, block_params, program: program(cursor, depth)?, strip: Strip { open, close }, tag })
}

/// Parses `as |item index|`.
fn names(cursor: &mut Cursor<'_>) -> Result<Vec<String>, Error> {
    let open = cursor.take()?;
    let mut names = Vec::new();
    loop {
        let token = cursor.take()?;
        match token.kind {
            TokenKind::Id(name) => names.push(name),
            TokenKind::CloseParams if !names.is_empty() => break,
            _ => return Err(cursor.unexpected(&token, "a name or `|`")),
        }
    }
    // handlebars.js reads all of them as one name in brackets, and fails.
    let all = names.join(",");
    if bare(&all) != all {
        return Err(cursor.error(open.span.start, format!("{} is not a valid block parameter", quoted(&all))));
    }
    Ok(names)
}

/// Parses the rest of an end tag.
fn end_tag(cursor: &mut Cursor<'_>, opened: &Expression, open: bool, start: usize) -> Result<Strip, Error> {
    let closed = name(cursor)?;
    let close = close(cursor, "`}}`")?;
    if TagName::of(opened) == TagName::of(&closed) {
        return Ok(Strip { open, close });
    }
    let message = format!("{} is closed by {}", shown(cursor, opened), shown(cursor, &closed));
    Err(cursor.error(start, message))
}

fn shown(cursor: &Cursor<'_>, name: &Expression) -> String {
    quoted(cursor.source(name.span()))
}

fn raw_block(cursor: &mut Cursor<'_>, start: usize) -> Result<Block, Error> {
    let callee = name(cursor)?;
    let call = call(cursor, callee)?;
    let token = cursor.take()?;
    if token.kind != TokenKind::CloseRaw {
        return Err(cursor.unexpected(&token, "an argument or `}}}}`"));
    }
    let tag = Span { start, end: cursor.end };
    let mut program = Program::new();
    loop {
        let Token { kind, span } = cursor.take()?;
        match kind {
            TokenKind::Text(value) => program.push(Statement::Text(Text::new(value, span))),
            TokenKind::EndRaw(closed) if TagName::of(&call.callee) == TagName::Text(&closed) => {
                let strip = Strip::default();
                let branch = Branch { call, block_params: Vec::new(), program, strip, tag };
                let span = Span { start, end: span.end };
                return Ok(Block { kind: BlockKind::Raw, branches: vec![branch], inverse: None, close: strip, span });
            }
            TokenKind::EndRaw(closed) => {
                let message = format!("{} is closed by {}", shown(cursor, &call.callee), quoted(&closed));
                return Err(cursor.error(span.start, message));
            }
            _ => return Err(cursor.unexpected(&Token { kind, span }, "the end of the raw block")),
        }
    }
}
