//! The language of a workflow's texts.

use std::collections::BTreeSet;

use crate::documents::handlebars::{self, Reading};
use crate::documents::liquid;

/// Longer texts are not looked at: what is known of a text needs many times its size.
const LONGEST: usize = 1024 * 1024;

/// What the texts of a workflow are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Handlebars,
    Liquid,
}

impl Dialect {
    /// `origin`: where the document says that the workflow was made. `listed`: the variables that the server lists.
    pub(crate) fn of<'a>(
        origin: Option<&str>,
        listed: &BTreeSet<&str>,
        mut texts: impl Iterator<Item = &'a str>,
    ) -> Self {
        let is_listed = |root: &str| {
            let is_inside = |name: &str| name.strip_prefix(root).is_some_and(|rest| rest.starts_with(['.', '[']));
            listed.contains(root) || listed.iter().any(|name| is_inside(name))
        };
        let is_liquid = origin == Some("novu-cloud")
            || texts.any(|text| text.len() <= LONGEST && liquid::is_liquid(text, is_listed));
        if is_liquid { Self::Liquid } else { Self::Handlebars }
    }

    /// What a text reads, or why it cannot be read.
    pub(crate) fn readings(self, text: &str) -> Result<Vec<Reading>, String> {
        if text.len() > LONGEST {
            return Err(format!("it is longer than {LONGEST} bytes"));
        }
        let handlebars = || handlebars::readings(text).map_err(|error| error.to_string());
        match self {
            Self::Handlebars => handlebars(),
            // A server may still hold texts of older times.
            Self::Liquid => liquid::readings(text).or_else(|error| handlebars().map_err(|_| error)),
        }
    }
}
