//! Finds the paths that the tags of a Liquid template read.

use std::collections::BTreeMap;

use super::scan::{Piece, Token, tokens};
use crate::documents::path::{MAX_DEPTH, Segment};
use crate::documents::scope::Scope;
use crate::documents::usage::{Evidence, Root, Usage};

/// The deepest nesting of paths in the brackets of paths.
const MAX_NESTED: usize = 20;

/// The value of a name.
#[derive(Debug, Clone)]
enum Value {
    /// The variable of the payload at a path.
    Variable(Vec<Segment>),
    /// The results of all steps, and of one.
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
            Self::Variable(path) if matches!(name, "first" | "last") && !path.is_empty() => {
                Self::Variable(path).element()
            }
            // Longer paths are cut.
            Self::Variable(path) if path.len() > MAX_DEPTH => Self::Variable(path),
            Self::Variable(mut path) => {
                path.push(Segment::Field(name.to_owned()));
                Self::Variable(path)
            }
            Self::Steps => Self::Step,
            Self::Step if name == "events" => Self::Events,
            Self::Events if matches!(name, "first" | "last") => Self::Event,
            Self::Event if name == "payload" => Self::Variable(Vec::new()),
            _ => Self::Unknown,
        }
    }

    fn element(self) -> Self {
        match self {
            Self::Variable(path) if path.len() > MAX_DEPTH => Self::Variable(path),
            Self::Variable(mut path) => {
                path.push(Segment::Element);
                Self::Variable(path)
            }
            Self::Events => Self::Event,
            _ => Self::Unknown,
        }
    }
}

#[derive(Default)]
struct Reader<'a> {
    /// The variables of the enclosing loops, outermost first.
    loops: Scope<'a, Value>,
    assigned: BTreeMap<&'a str, Value>,
    found: Vec<Usage>,
}

pub(super) fn read(pieces: &[Piece<'_>]) -> Result<Vec<Usage>, String> {
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
                self.expression(expression, Evidence::Tested)?;
            }
            (_, others) => drop(self.expression(others, Evidence::Used)?),
        }
        Ok(())
    }

    /// Records all paths of an expression, with `evidence` if it is a single path. Returns the value of the first path, unless a
    /// filter changes it.
    fn expression(&mut self, tokens: &[Token<'a>], evidence: Evidence) -> Result<Value, String> {
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
                // The name of an argument of a filter.
                (Token::Name(_), [Token::Sign(':'), after @ ..]) => rest = after,
                (Token::Name(name), _) if is_keyword(name) => {}
                (Token::Name(name), _) => {
                    let (value, after) = self.path(name, after, 0)?;
                    // `limit` and its like do not change what is iterated.
                    let is_alone = first.is_none() && (after.is_empty() || evidence == Evidence::Iterated);
                    self.record(
                        &value,
                        if is_alone && rest.len() + 1 == tokens.len() { evidence } else { Evidence::Used },
                    );
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

    /// Reads the path that starts with this name, and returns the tokens after it.
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
                    // Arrays and strings have a size. The usage is of the whole value.
                    self.record(&value, Evidence::Used);
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
                [Token::Sign('['), Token::Name(root), after @ ..] if depth < MAX_NESTED => {
                    self.record(&value, Evidence::ComputedKey);
                    let (key, after) = self.path(root, after, depth + 1)?;
                    self.record(&key, Evidence::Used);
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
            (None, "payload") => Value::Variable(Vec::new()),
            (None, "steps") => Value::Steps,
            (None, _) => Value::Unknown,
        }
    }

    fn record(&mut self, value: &Value, evidence: Evidence) {
        let Value::Variable(path) = value else { return };
        let is_element = path.last() == Some(&Segment::Element) && evidence == Evidence::Tested;
        let evidence = if is_element { Evidence::Used } else { evidence };
        if matches!(path.first(), Some(Segment::Field(_))) {
            self.found.push(Usage { root: Root::Payload, path: path.clone(), evidence });
        }
    }
}

/// Returns whether a name is a keyword.
fn is_keyword(name: &str) -> bool {
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
