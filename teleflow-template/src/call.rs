//! Parses the inside of a tag: names, paths, literals and arguments.

use crate::ast::{Call, Expression, Pair, Path, Span};
use crate::cursor::Cursor;
use crate::error::{Error, quoted};
use crate::javascript::is_line_end;
use crate::token::TokenKind;

/// The deepest nesting of sub-expressions and of blocks. Each level needs stack.
pub(crate) const MAX_NESTED: usize = 100;

/// Parses the arguments after a name, up to the end of the tag or the parenthesis.
pub(crate) fn call(cursor: &mut Cursor<'_>, callee: Expression) -> Result<Call, Error> {
    inner_call(cursor, callee, 0)
}

fn inner_call(cursor: &mut Cursor<'_>, callee: Expression, depth: usize) -> Result<Call, Error> {
    let start = callee.span().start;
    let (mut params, mut hash) = (Vec::new(), Vec::new());
    loop {
        let is_name = matches!(cursor.peek()?.kind, TokenKind::Id(_));
        if is_name && cursor.peek_second()?.kind == TokenKind::Equals {
            hash.push(pair(cursor, depth)?);
        } else if begins_value(&cursor.peek()?.kind) && hash.is_empty() {
            params.push(value(cursor, depth)?);
        } else {
            let end = cursor.end;
            return Ok(Call { callee, params, hash, span: Span { start, end } });
        }
    }
}

fn pair(cursor: &mut Cursor<'_>, depth: usize) -> Result<Pair, Error> {
    let key = cursor.take()?;
    let TokenKind::Id(name) = &key.kind else {
        return Err(cursor.unexpected(&key, "a name"));
    };
    cursor.take()?;
    let value = value(cursor, depth)?;
    let span = Span { start: key.span.start, end: cursor.end };
    Ok(Pair { key: bare(name).to_owned(), value, span })
}

fn begins_value(kind: &TokenKind) -> bool {
    matches!(kind, TokenKind::OpenParenthesis) || begins_name(kind)
}

fn begins_name(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Id(_)
            | TokenKind::At
            | TokenKind::String(_)
            | TokenKind::Number(_)
            | TokenKind::Boolean(_)
            | TokenKind::Undefined
            | TokenKind::Null
    )
}

/// Parses a sub-expression, a path or a literal.
fn value(cursor: &mut Cursor<'_>, depth: usize) -> Result<Expression, Error> {
    if cursor.peek()?.kind == TokenKind::OpenParenthesis { sub_expression(cursor, depth) } else { name(cursor) }
}

/// Parses `(helper argument)`.
fn sub_expression(cursor: &mut Cursor<'_>, depth: usize) -> Result<Expression, Error> {
    let open = cursor.take()?;
    if depth >= MAX_NESTED {
        return Err(cursor.error(open.span.start, format!("parentheses are nested more than {MAX_NESTED} deep")));
    }
    let callee = name(cursor)?;
    let mut call = inner_call(cursor, callee, depth + 1)?;
    let close = cursor.take()?;
    if close.kind != TokenKind::CloseParenthesis {
        return Err(cursor.unexpected(&close, "an argument or `)`"));
    }
    call.span = Span { start: open.span.start, end: close.span.end };
    Ok(Expression::Call(Box::new(call)))
}

/// Parses the name of a partial, which may be a sub-expression.
pub(crate) fn partial_name(cursor: &mut Cursor<'_>) -> Result<Expression, Error> {
    value(cursor, 0)
}

/// Parses a path or a literal, which is the name of a tag.
pub(crate) fn name(cursor: &mut Cursor<'_>) -> Result<Expression, Error> {
    let token = cursor.take()?;
    let span = token.span;
    Ok(match token.kind {
        TokenKind::Id(first) => Expression::Path(path(cursor, false, first, span)?),
        TokenKind::At => {
            let name = cursor.take()?;
            let TokenKind::Id(first) = name.kind else {
                return Err(cursor.unexpected(&name, "a name"));
            };
            Expression::Path(path(cursor, true, first, span)?)
        }
        TokenKind::String(text) => Expression::String(text, span),
        TokenKind::Number(number) => Expression::Number(number, span),
        TokenKind::Boolean(boolean) => Expression::Boolean(boolean, span),
        TokenKind::Undefined => Expression::Undefined(span),
        TokenKind::Null => Expression::Null(span),
        _ => return Err(cursor.unexpected(&token, "a name")),
    })
}

fn path(cursor: &mut Cursor<'_>, data: bool, first: String, start: Span) -> Result<Path, Error> {
    let mut path = Path { data, depth: 0, parts: Vec::new(), original: String::new(), span: start };
    path.original.push_str(if data { "@" } else { "" });
    add_part(cursor, &mut path, &first)?;
    while let TokenKind::Separator(separator) = cursor.peek()?.kind {
        cursor.take()?;
        let token = cursor.take()?;
        let TokenKind::Id(part) = &token.kind else {
            return Err(cursor.unexpected(&token, "a name; write `[0]` for the first element of an array"));
        };
        path.original.push(separator);
        add_part(cursor, &mut path, part)?;
    }
    path.span.end = cursor.end;
    Ok(path)
}

fn add_part(cursor: &Cursor<'_>, path: &mut Path, part: &str) -> Result<(), Error> {
    let name = bare(part);
    path.original.push_str(name);
    if !matches!(part, "." | ".." | "this") {
        path.parts.push(name.to_owned());
    } else if !path.parts.is_empty() {
        let message = format!("{} is not a valid path: `{part}` must come first", quoted(&path.original));
        return Err(cursor.error(path.span.start, message));
    } else if part == ".." {
        path.depth += 1;
    }
    Ok(())
}

/// Removes the brackets around a name.
pub(crate) fn bare(name: &str) -> &str {
    let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    inner.filter(|inner| !inner.contains(is_line_end)).unwrap_or(name)
}
