//! Splits a Liquid template into its tags, and the tags into tokens.

/// A tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// `{{ … }}`.
    Output(&'a str),
    /// `{% name … %}`: the name, and the arguments.
    Tag(&'a str, &'a str),
}

/// A token inside a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Name(&'a str),
    Text(&'a str),
    Number(&'a str),
    /// A comparison, or the `..` of a range.
    Operator(&'a str),
    Sign(char),
}

/// Returns whether this is the name of a tag of Liquid.
pub(super) fn is_tag(name: &str) -> bool {
    matches!(
        name,
        "assign" | "capture" | "case" | "comment" | "echo" | "for" | "if" | "liquid" | "raw" | "tablerow" | "unless"
    )
}

/// Finds the tags of a text.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        rest = rest.get(start + 1..).unwrap_or_default();
        let (inside, end, is_output) = match rest.chars().next() {
            Some('{') => (rest.get(1..).unwrap_or_default(), "}}", true),
            Some('%') => (rest.get(1..).unwrap_or_default(), "%}", false),
            _ => continue,
        };
        let Some((inside, after)) = inside.split_once(end) else {
            return Err(format!("a tag is not closed: it ends with `{end}`"));
        };
        rest = after;
        let inside = inside.strip_prefix('-').unwrap_or(inside);
        let inside = inside.strip_suffix('-').unwrap_or(inside).trim();
        if is_output {
            pieces.push(Piece::Output(inside));
            continue;
        }
        let (name, arguments) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        pieces.push(Piece::Tag(name, arguments));
        if matches!(name, "raw" | "comment") {
            rest = after_end(rest, name).ok_or_else(|| format!("`{{% {name} %}}` is not closed"))?;
        }
    }
    Ok(pieces)
}

/// The text after `{% endraw %}` or `{% endcomment %}`.
fn after_end<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let (inside, after) = rest.split_once("{%")?.1.split_once("%}")?;
        if inside.trim_matches(|letter: char| letter == '-' || letter.is_whitespace()).strip_prefix("end") == Some(name)
        {
            return Some(after);
        }
        rest = after;
    }
}

/// Splits the inside of a tag into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = token(rest, first).ok_or_else(|| format!("unexpected `{first}` in a tag"))?;
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn token(rest: &str, first: char) -> Option<(Token<'_>, &str)> {
    let until = |is_inside: fn(char) -> bool| rest.find(|letter| !is_inside(letter)).unwrap_or(rest.len());
    if first.is_alphabetic() || first == '_' {
        let end = until(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'));
        let (name, after) = rest.split_at_checked(end)?;
        // Names in Ruby may end with `?`.
        return Some((Token::Name(name), after.strip_prefix('?').unwrap_or(after)));
    }
    if first.is_ascii_digit() || first == '-' {
        let digits = rest.strip_prefix('-').unwrap_or(rest);
        let whole = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
        let fraction = digits.get(whole..)?.strip_prefix('.').map_or(0, |after| {
            let end = after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len());
            if end == 0 { 0 } else { end + 1 }
        });
        let (number, after) = rest.split_at_checked(rest.len() - digits.len() + whole + fraction)?;
        return (whole > 0).then_some((Token::Number(number), after));
    }
    if matches!(first, '"' | '\'') {
        let (text, after) = rest.get(1..)?.split_once(first)?;
        return Some((Token::Text(text), after));
    }
    for operator in ["==", "!=", "<>", "<=", ">=", "..", "<", ">"] {
        if let Some(after) = rest.strip_prefix(operator) {
            return Some((Token::Operator(operator), after));
        }
    }
    matches!(first, '|' | ':' | ',' | '.' | '[' | ']' | '(' | ')' | '=')
        .then_some((Token::Sign(first), rest.get(1..).unwrap_or_default()))
}
