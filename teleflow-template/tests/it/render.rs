//! Rendering, by the rules of the server's handlebars.js and its helpers.

mod dates;
mod helpers;
mod language;
mod limits;
mod missing;
mod partials;
mod values;

use serde_json::Value;
use teleflow_template::render;

/// Asserts that templates render as these texts.
#[track_caller]
fn texts(context: &Value, cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        let got = render(template, context).map(|rendered| rendered.text);
        assert_eq!(got.as_deref().map_err(ToString::to_string), Ok(*expected), "{template}");
    }
}

/// Asserts that templates fail with these messages.
#[track_caller]
fn errors(context: &Value, cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        let got = render(template, context).map(|rendered| rendered.text).map_err(|error| error.to_string());
        assert_eq!(got, Err((*expected).to_owned()), "{template}");
    }
}
