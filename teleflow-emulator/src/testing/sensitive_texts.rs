//! Replaces sensitive values in the texts of messages.

use serde_json::Value;

use crate::request_log::{Attempt, REDACTED, sensitive_value};
use crate::{html, js};

/// Shorter texts are part of many words, so they are not replaced.
const SHORTEST: usize = 4;

/// The sensitive strings and numbers of all events, the longest first.
#[derive(Clone, Default)]
pub(super) struct SensitiveTexts(Vec<String>);

impl SensitiveTexts {
    pub(super) fn of(attempts: &[Attempt]) -> Self {
        let mut texts = Vec::new();
        for attempt in attempts.iter().filter(|attempt| attempt.has_sensitive_values()) {
            for (position, event) in attempt.events().iter().enumerate() {
                let paths = attempt.sensitive_paths(position).iter();
                paths.filter_map(|path| sensitive_value(event, path)).for_each(|value| add(value, &mut texts));
            }
        }
        texts.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        texts.dedup();
        Self(texts)
    }

    pub(super) fn redact(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, sensitive| replaced(&text, sensitive))
    }
}

/// Adds each string and each number of a value.
fn add(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Array(elements) => elements.iter().for_each(|element| add(element, texts)),
        Value::Object(fields) => fields.values().for_each(|field| add(field, texts)),
        Value::Number(_) => add_long_ones([value.to_string(), js::to_text(value)], texts),
        Value::String(text) => add_long_ones(shown_forms(text), texts),
    }
}

/// The forms in which a message shows a text: as it is, with its space collapsed, and as the HTML that it may be.
fn shown_forms(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut forms = vec![text.to_owned(), words.join(" ")];
    if text.contains(['<', '&']) {
        forms.push(html::visible_text(text));
    }
    forms
}

fn add_long_ones(forms: impl IntoIterator<Item = String>, texts: &mut Vec<String>) {
    texts.extend(forms.into_iter().filter(|text| text.chars().count() >= SHORTEST));
}

/// Replaces each occurrence of a sensitive text, which is not empty.
fn replaced(text: &str, sensitive: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(first) = rest.chars().next() {
        let kept = match length_of(sensitive, rest) {
            Some(length) => {
                out += REDACTED;
                length
            }
            None => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = rest.get(kept..).unwrap_or_default();
    }
    out
}

/// The length of the sensitive text at the start of `text`, if it is there. Any of its characters may be escaped: the server
/// escapes some of them in HTML, and a message may contain JSON.
fn length_of(sensitive: &str, text: &str) -> Option<usize> {
    let mut ends = vec![0];
    for letter in sensitive.chars() {
        let mut buffer = [0; 4];
        let plain: &str = letter.encode_utf8(&mut buffer);
        let forms = || escaped_forms(letter).iter().copied().chain([plain]);
        let next = |end: usize| {
            let rest = text.get(end..).unwrap_or_default();
            forms().filter(move |form| rest.starts_with(form)).map(move |form| end + form.len())
        };
        ends = ends.into_iter().flat_map(next).collect();
        // Several forms may lead to the same end.
        ends.sort_unstable();
        ends.dedup();
        if ends.is_empty() {
            return None;
        }
    }
    ends.last().copied()
}

fn escaped_forms(letter: char) -> &'static [&'static str] {
    match letter {
        '&' => &["&amp;"],
        '<' => &["&lt;"],
        '>' => &["&gt;"],
        '"' => &["&quot;", "\\\""],
        '\'' => &["&#x27;", "&#39;"],
        '`' => &["&#x60;"],
        '=' => &["&#x3D;"],
        '\\' => &["\\\\"],
        '\n' => &["\\n"],
        '\r' => &["\\r"],
        '\t' => &["\\t"],
        _ => &[],
    }
}
