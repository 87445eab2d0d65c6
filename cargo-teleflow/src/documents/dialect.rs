//! Detects the template language of a workflow: Handlebars, or the Liquid of newer servers.

use std::collections::BTreeSet;

use super::usage::Usage;
use super::{handlebars, liquid};

/// The longest text that is read, in bytes. Its usages need many times its size.
const MAX_BYTES: usize = 1024 * 1024;

/// A template language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Handlebars,
    Liquid,
}

impl Dialect {
    /// `origin`: where the workflow was made, by its document. `listed`: the variables that the server lists.
    pub(super) fn detect<'a>(
        origin: Option<&str>,
        listed: &BTreeSet<&str>,
        mut texts: impl Iterator<Item = &'a str>,
    ) -> Self {
        let is_listed = |root: &str| {
            let is_inside = |name: &str| name.strip_prefix(root).is_some_and(|rest| rest.starts_with(['.', '[']));
            listed.contains(root) || listed.iter().any(|name| is_inside(name))
        };
        let is_liquid = origin == Some("novu-cloud")
            || texts.any(|text| text.len() <= MAX_BYTES && liquid::is_liquid(text, is_listed));
        if is_liquid { Self::Liquid } else { Self::Handlebars }
    }

    /// Finds the variables that a text reads.
    pub(super) fn usages(self, text: &str) -> Result<Vec<Usage>, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("it is longer than {MAX_BYTES} bytes"));
        }
        let handlebars = || handlebars::usages(text).map_err(|error| error.to_string());
        match self {
            Self::Handlebars => handlebars(),
            // A newer server may still have Handlebars texts.
            Self::Liquid => liquid::usages(text).or_else(|error| handlebars().map_err(|_| error)),
        }
    }
}
