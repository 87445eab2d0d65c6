//! The tags of a Liquid template → the places that it reads.

use std::collections::BTreeMap;

use super::scan::{Piece, Token, tokens};
use crate::documents::handlebars::{Reading, Root};
use crate::documents::scope::Scope;
use crate::documents::usage::{DEEPEST, Evidence, Place};

/// How deep paths in the brackets of paths are looked at.
const MOST_NESTED: usize = 20;

/// The value of a name.
#[derive(Debug, Clone)]
enum Value {
    /// What is at the end of this way through the payload.
    At(Vec<Place>),
    /// What is known of all steps, and of one.
    Steps,
    Step,
    /// The events that a digest has collected, and one of them.
    Events,
    Event,
    Unknown,
}

impl Value {
    fn field(self, name: &str) -> Self {
        match self {
            Self::At(way) if matches!(name, "first" | "last") && !way.is_empty() => Self::At(way).element(),
            // What lies deeper is cut off.
            Self::At(way) if way.len() > DEEPEST => Self::At(way),
            Self::At(mut way) => {
                way.push(Place::Field(name.to_owned()));
                Self::At(way)
            }
            Self::Steps => Self::Step,
            Self::Step if name == "events" => Self::Events,
            Self::Events if matches!(name, "first" | "last") => Self::Event,
            Self::Event if name == "payload" => Self::At(Vec::new()),
            _ => Self::Unknown,
        }
    }

    fn element(self) -> Self {
        match self {
            Self::At(way) if way.len() > DEEPEST => Self::At(way),
            Self::At(mut way) => {
                way.push(Place::Element);
                Self::At(way)
            }
            Self::Events => Self::Event,
            _ => Self::Unknown,
        }
    }
}

#[derive(Default)]
struct Reader<'a> {
    /// The variables of the loops around, outermost first.
    loops: Scope<'a, Value>,
    assigned: BTreeMap<&'a str, Value>,
    found: Vec<Reading>,
}

pub(super) fn read(pieces: &[Piece<'_>]) -> Result<Vec<Reading>, String> {
    let mut reader = Reader::default();
    for piece in pieces {
        match *piece {
            Piece::Output(inside) => reader.output(inside)?,
            Piece::Tag("liquid", lines) => {
                for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
                    let (name, arguments) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
                    reader.tag(name, arguments)?;
                }
            }
            Piece::Tag(name, arguments) => reader.tag(name, arguments)?,
        }
    }
    Ok(reader.found)
}

impl<'a> Reader<'a> {
    fn output(&mut self, inside: &'a str) -> Result<(), String> {
        self.expression(&tokens(inside)?, Evidence::Rendered)?;
        Ok(())
    }

    fn tag(&mut self, name: &'a str, arguments: &'a str) -> Result<(), String> {
        if matches!(name, "raw" | "comment" | "#") {
            return Ok(());
        }
        let tokens = tokens(arguments)?;
        match (name, tokens.as_slice()) {
            ("for" | "tablerow", [Token::Name(variable), Token::Name("in"), list @ ..]) => {
                let value = self.expression(list, Evidence::Iterated)?;
                self.loops.push(variable, value.element());
            }
            ("endfor" | "endtablerow", _) => self.loops.pop(),
            ("assign", [Token::Name(variable), Token::Sign('='), rest @ ..]) => {
                let value = self.expression(rest, Evidence::Used)?;
                self.assigned.insert(variable, value);
            }
            ("capture" | "increment" | "decrement", [Token::Name(variable)]) => {
                self.assigned.insert(variable, Value::Unknown);
            }
            ("for" | "tablerow" | "assign" | "capture", _) => {
                return Err(format!("the tag `{name}` is not complete"));
            }
            ("echo", expression) => drop(self.expression(expression, Evidence::Rendered)?),
            ("if" | "elsif" | "unless" | "case" | "when", expression) => {
                self.expression(expression, Evidence::Asked)?;
            }
            (_, others) => drop(self.expression(others, Evidence::Used)?),
        }
        Ok(())
    }

    /// Notes all paths of an expression; `how` holds if it is one alone. The value is that of the first path, where filters
    /// leave it what it is.
    fn expression(&mut self, tokens: &[Token<'a>], how: Evidence) -> Result<Value, String> {
        let mut rest = tokens;
        let mut first = None;
        let mut is_same = true;
        while let [token, after @ ..] = rest {
            rest = after;
            match (token, after) {
                (Token::Sign('|'), [Token::Name(filter), after @ ..]) => {
                    is_same &= matches!(*filter, "compact" | "concat" | "reverse" | "sort" | "sort_natural" | "where");
                    rest = after;
                }
                // The name of an argument.
                (Token::Name(_), [Token::Sign(':'), after @ ..]) => rest = after,
                (Token::Name(name), _) if is_word(name) => {}
                (Token::Name(name), _) => {
                    let (value, after) = self.path(name, after, 0)?;
                    // A list stays one, whatever says which of its elements are gone through.
                    let is_alone = first.is_none() && (after.is_empty() || how == Evidence::Iterated);
                    self.note(&value, if is_alone && rest.len() + 1 == tokens.len() { how } else { Evidence::Used });
                    first.get_or_insert(value);
                    rest = after;
                }
                (Token::Sign('.' | '[' | ']'), _) => return Err("a path is not complete".to_owned()),
                _ => {}
            }
        }
        let is_path = matches!(tokens.first(), Some(Token::Name(_)));
        Ok(first.filter(|_| is_same && is_path).unwrap_or(Value::Unknown))
    }

    /// The path that begins with this name, and the tokens after it.
    fn path<'t>(
        &mut self,
        root: &str,
        tokens: &'t [Token<'a>],
        depth: usize,
    ) -> Result<(Value, &'t [Token<'a>]), String> {
        let mut value = self.named(root);
        let mut rest = tokens;
        loop {
            match rest {
                [Token::Sign('.'), Token::Name("size"), after @ ..]
                    if !matches!(after, [Token::Sign('.' | '['), ..]) =>
                {
                    // A list and a text have a size: what is read is the whole.
                    self.note(&value, Evidence::Used);
                    return Ok((Value::Unknown, after));
                }
                [Token::Sign('.'), Token::Name(name), after @ ..] => {
                    value = value.field(name);
                    rest = after;
                }
                [Token::Sign('['), Token::Text(name), Token::Sign(']'), after @ ..] => {
                    value = value.field(name);
                    rest = after;
                }
                [Token::Sign('['), Token::Number(_), Token::Sign(']'), after @ ..] => {
                    value = value.element();
                    rest = after;
                }
                [Token::Sign('['), Token::Name(root), after @ ..] if depth < MOST_NESTED => {
                    self.note(&value, Evidence::Keyed);
                    let (key, after) = self.path(root, after, depth + 1)?;
                    self.note(&key, Evidence::Used);
                    let [Token::Sign(']'), after @ ..] = after else {
                        return Err("a path is not complete".to_owned());
                    };
                    value = Value::Unknown;
                    rest = after;
                }
                [Token::Sign('.' | '['), ..] => return Err("a path is not complete".to_owned()),
                _ => return Ok((value, rest)),
            }
        }
    }

    fn named(&self, name: &str) -> Value {
        match (self.loops.get(name).or_else(|| self.assigned.get(name)), name) {
            (Some(value), _) => value.clone(),
            (None, "payload") => Value::At(Vec::new()),
            (None, "steps") => Value::Steps,
            (None, _) => Value::Unknown,
        }
    }

    fn note(&mut self, value: &Value, how: Evidence) {
        let Value::At(way) = value else { return };
        let is_element = way.last() == Some(&Place::Element) && how == Evidence::Asked;
        let how = if is_element { Evidence::Used } else { how };
        if matches!(way.first(), Some(Place::Field(_))) {
            self.found.push(Reading { root: Root::Payload, way: way.clone(), how });
        }
    }
}

/// Words that name no variable.
fn is_word(name: &str) -> bool {
    matches!(
        name,
        "and"
            | "blank"
            | "by"
            | "contains"
            | "empty"
            | "false"
            | "in"
            | "nil"
            | "not"
            | "null"
            | "or"
            | "reversed"
            | "true"
    )
}
