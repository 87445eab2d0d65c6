//! Sanitizes the HTML of editor blocks as the server does when it saves them: as sanitize-html 2.10 by default, but with
//! `style`, `img` and style attributes.
// Source: `content-sanitizer` and the modules of sanitize-html and htmlparser2 8.

// A module imports only from those below it.
mod elements;
mod output;
mod attributes;

use std::cell::RefCell;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use serde_json::Value;

use elements::Elements;

/// Sanitizes the content of a template: text, or a list of blocks. The URLs of blocks stay.
pub(crate) fn sanitize(content: Value) -> Value {
    match content {
        Value::String(text) => html(&text).into(),
        Value::Array(blocks) => blocks.into_iter().map(block).collect(),
        other => other,
    }
}

fn block(mut block: Value) -> Value {
    if let Some(Value::String(content)) = block.get_mut("content") {
        *content = html(content);
    }
    block
}

fn html(text: &str) -> String {
    let input = BufferQueue::default();
    input.push_back(with_kept_returns(text).into());
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.elements.into_inner().finish().replace(CARRIAGE_RETURN, "\r")
}

/// Takes the place of a carriage return, which html5ever would turn into a line feed.
const CARRIAGE_RETURN: char = '\u{e00d}';

/// Replaces the carriage returns outside tags.
fn with_kept_returns(text: &str) -> String {
    let mut is_in_tag = false;
    let mut characters = text.chars().peekable();
    let mut kept = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        match character {
            '<' => is_in_tag = characters.peek().is_some_and(|next| next.is_ascii_alphabetic() || *next == '/'),
            '>' => is_in_tag = false,
            _ => {}
        }
        kept.push(if character == '\r' && !is_in_tag { CARRIAGE_RETURN } else { character });
    }
    kept
}

#[derive(Default)]
struct Sink {
    elements: RefCell<Elements>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut elements = self.elements.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == html5ever::tokenizer::TagKind::EndTag => elements.close(&tag.name),
            Token::TagToken(tag) => {
                elements.open(&tag);
                match &*tag.name {
                    "script" | "style" if !tag.self_closing => return TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" if !tag.self_closing => return TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => {}
                }
            }
            Token::CharacterTokens(text) => elements.text(&text),
            Token::NullCharacterToken => elements.text("\0"),
            Token::CommentToken(_) | Token::DoctypeToken(_) | Token::EOFToken | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}
