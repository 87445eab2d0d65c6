//! Removes whitespace that is not printed: next to `~`, and on lines with only a tag.
//!
//! It follows handlebars.js with its oddities: inverted blocks have their parts in reverse order, and the end tag of an
//! `{{else name}}` may be the tag itself.

use crate::ast::{Block, BlockKind, Program, Statement, Strip, Text};
use crate::javascript::is_whitespace;

/// Removes the whitespace in a template.
pub(crate) fn remove(program: &mut Program) {
    pass(program, true);
}

/// The effect of a tag on the text before and after it.
#[derive(Debug, Clone, Copy, Default)]
struct Effect {
    strip: Strip,
    /// The line is removed if only this is on it: a tag without an end tag, a start tag, an end tag.
    inline: bool,
    open: bool,
    close: bool,
}

fn pass(body: &mut Program, is_root: bool) {
    for at in 0..body.len() {
        let Some(effect) = body.get_mut(at).and_then(effect) else { continue };
        let is_before = ends_with_line(body.get(..at).unwrap_or_default(), is_root);
        let is_after = begins_with_line(body.get(at + 1..).unwrap_or_default(), is_root);
        if effect.strip.close {
            strip_start(body.get_mut(at + 1), true);
        }
        if effect.strip.open {
            strip_end(before(body, at), true);
        }
        if effect.inline && is_before && is_after {
            strip_start(body.get_mut(at + 1), false);
            if strip_end(before(body, at), false) {
                indent(body, at);
            }
        }
        if effect.open && is_before {
            strip_start(body.get_mut(at).and_then(|block| first_part(block)?.first_mut()), false);
            strip_end(before(body, at), false);
        }
        if effect.close && is_after {
            strip_start(body.get_mut(at + 1), false);
            strip_end(body.get_mut(at).and_then(|block| last_part(block)?.last_mut()), false);
        }
    }
}

fn before(body: &mut Program, at: usize) -> Option<&mut Statement> {
    body.get_mut(at.checked_sub(1)?)
}

/// Sets the indent of a partial that is alone on its line: the whitespace before it.
fn indent(body: &mut Program, at: usize) {
    let text = match before(body, at) {
        Some(Statement::Text(text)) => text.whole.clone(),
        _ => return,
    };
    if let Some(Statement::Partial(partial)) = body.get_mut(at) {
        let kept = text.trim_end_matches([' ', '\t']).len();
        partial.indent = text.get(kept..).unwrap_or_default().to_owned();
    }
}

fn effect(statement: &mut Statement) -> Option<Effect> {
    let inline = |strip| Some(Effect { strip, inline: true, ..Effect::default() });
    match statement {
        Statement::Text(_) => None,
        Statement::Mustache(mustache) => Some(Effect { strip: mustache.strip, ..Effect::default() }),
        Statement::Comment(comment) => inline(comment.strip),
        Statement::Partial(partial) => inline(partial.strip),
        Statement::Block(block) => Some(inside(block)),
    }
}

/// The part of a block that handlebars.js calls its program.
fn first_part(statement: &mut Statement) -> Option<&mut Program> {
    let Statement::Block(block) = statement else { return None };
    match (block.kind, &mut block.inverse) {
        (BlockKind::Inverted, Some(inverse)) => Some(&mut inverse.program),
        _ => block.branches.first_mut().map(|branch| &mut branch.program),
    }
}

/// The part of a block that handlebars.js calls its inverse, or its program if it has none.
fn last_part(statement: &mut Statement) -> Option<&mut Program> {
    let Statement::Block(block) = statement else { return None };
    match (block.branches.as_mut_slice(), &mut block.inverse) {
        ([branch], None) => Some(&mut branch.program),
        ([branch], Some(_)) if block.kind == BlockKind::Inverted => Some(&mut branch.program),
        ([_], Some(inverse)) => Some(&mut inverse.program),
        // In handlebars.js, the inverse is another block.
        _ => None,
    }
}

/// Removes the whitespace inside a block. Returns its effect outside.
fn inside(block: &mut Block) -> Effect {
    let opens: Vec<Strip> = block.branches.iter().map(|branch| branch.strip).collect();
    let inverse = block.inverse.as_ref().map(|inverse| inverse.strip);
    let mut parts: Vec<&mut Program> = block.branches.iter_mut().map(|branch| &mut branch.program).collect();
    parts.extend(block.inverse.as_mut().map(|inverse| &mut inverse.program));
    parts.iter_mut().for_each(|part| pass(part, false));
    if block.kind == BlockKind::Inverted && inverse.is_some() {
        parts.reverse();
    }
    // The strips of the start tags of the parts.
    let tags: Vec<Strip> = opens.iter().copied().chain(inverse).collect();
    let mut effect = Effect::default();
    for (at, open) in opens.iter().enumerate().rev() {
        let close = if at < 2 { block.close } else { *open };
        effect = part(&mut parts, at, *open, tags.get(at + 1).copied(), close);
    }
    effect
}

/// Removes the whitespace at the tags of one part.
fn part(parts: &mut [&mut Program], at: usize, open: Strip, middle: Option<Strip>, close: Strip) -> Effect {
    let Some([first, rest @ ..]) = parts.get_mut(at..) else { return Effect::default() };
    let other = rest.first_mut();
    let effect = Effect {
        strip: Strip { open: open.open, close: close.close },
        inline: false,
        open: begins_with_line(first, false),
        close: ends_with_line(other.as_ref().map_or(first.as_slice(), |other| other.as_slice()), false),
    };
    if open.close {
        strip_start(first.first_mut(), true);
    }
    if let (Some(other), Some(middle)) = (other, middle) {
        if middle.open {
            strip_end(first.last_mut(), true);
        }
        if middle.close {
            strip_start(other.first_mut(), true);
        }
        if close.open {
            strip_end(other.last_mut(), true);
        }
        if ends_with_line(first, false) && begins_with_line(other, false) {
            strip_end(first.last_mut(), false);
            strip_start(other.first_mut(), false);
        }
    } else if close.open {
        strip_end(first.last_mut(), true);
    }
    effect
}

/// Returns whether the line before a tag is blank.
fn ends_with_line(before: &[Statement], is_root: bool) -> bool {
    let text = match before {
        [] => return is_root,
        [.., Statement::Text(text)] => text.whole.as_str(),
        _ => return false,
    };
    let kept = text.trim_end_matches(is_whitespace).len();
    let is_start = is_root && before.len() == 1 && kept == 0;
    is_start || text.get(kept..).is_some_and(|space| space.contains('\n'))
}

/// Returns whether the line after a tag is blank.
fn begins_with_line(after: &[Statement], is_root: bool) -> bool {
    let text = match after {
        [] => return is_root,
        [Statement::Text(text), ..] => text.whole.as_str(),
        _ => return false,
    };
    let space = text.len() - text.trim_start_matches(is_whitespace).len();
    let is_end = is_root && after.len() == 1 && space == text.len();
    is_end || text.get(..space).is_some_and(|space| space.contains('\n'))
}

/// Removes whitespace from the start of a text: all of it, or up to the end of the line.
fn strip_start(statement: Option<&mut Statement>, all: bool) {
    let Some(Statement::Text(text)) = statement else { return };
    if !all && text.is_stripped.0 {
        return;
    }
    let value = text.value();
    let rest = match all {
        true => value.trim_start_matches(is_whitespace),
        false => {
            let rest = value.trim_start_matches([' ', '\t']);
            let line = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'));
            line.or_else(|| rest.strip_prefix('\r')).unwrap_or(rest)
        }
    };
    let removed = value.len() - rest.len();
    text.start += removed;
    text.is_stripped.0 = removed > 0;
}

/// Removes whitespace from the end of a text: all of it, or spaces and tabs. Returns whether there was any.
fn strip_end(statement: Option<&mut Statement>, all: bool) -> bool {
    let Some(Statement::Text(text)) = statement else { return false };
    if !all && text.is_stripped.1 {
        return false;
    }
    let value = text.value();
    let kept = match all {
        true => value.trim_end_matches(is_whitespace).len(),
        false => value.trim_end_matches([' ', '\t']).len(),
    };
    let removed = value.len() - kept;
    text.end -= removed;
    text.is_stripped.1 = removed > 0;
    removed > 0
}

impl Text {
    /// The printed text: without the backslashes that escape tags, and without the whitespace that tags remove.
    #[must_use]
    pub fn value(&self) -> &str {
        self.whole.get(self.start..self.end).unwrap_or_default()
    }
}
