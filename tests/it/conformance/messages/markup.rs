//! Compares HTML: exactly, or by what it shows where the server's own markup or moved styles differ.

use regex_lite::{Captures, Regex};
use serde_json::{Value, json};

/// The attributes that say what an element shows or where it leads.
const ATTRIBUTES: &str = "href|src|alt|title";

/// HTML in the notation of the recordings: `[[PAD:n]]` for n pairs of a no-break space and a zero-width non-joiner.
pub(super) fn padded(html: &str) -> String {
    let pairs = Regex::new("(?:(?:&nbsp;|\u{a0})(?:&zwnj;|\u{200c}))+").unwrap();
    let count = |found: &Captures<'_>| {
        let text = found[0].replace("&zwnj;", "\u{200c}");
        format!("[[PAD:{}]]", text.matches('\u{200c}').count())
    };
    pairs.replace_all(html, count).into_owned()
}

/// The text and the links of HTML, in the notation of the recordings.
pub(super) fn shown(html: &str) -> Value {
    let html = padded(html);
    let hidden = Regex::new("(?is)<style.*?</style>|<title.*?</title>|<!--.*?-->").unwrap();
    let html = hidden.replace_all(&html, " ");
    let text = Regex::new("(?s)<[^>]*>").unwrap().replace_all(&html, " ").into_owned();
    let links = Regex::new(&format!("(?:{ATTRIBUTES})=\"([^\"]*)\"")).unwrap();
    let links: Vec<String> =
        links.captures_iter(&html).map(|found| found[1].to_owned()).filter(|link| !link.is_empty()).collect();
    json!({ "text": text.split_whitespace().collect::<Vec<_>>().join(" "), "links": links })
}
