//! The helpers: those of handlebars.js, and those of the server.

// A module imports only from those below it.
mod blocks;
mod compare;
mod date_format;
mod lists;
mod number_format;
mod texts;
mod sort;

use super::error::RenderError;
use super::helper_call::HelperCall;
use super::value::Value;

pub(super) use blocks::section;

/// A helper.
pub(super) type Helper = fn(&mut HelperCall<'_>) -> Result<Value, RenderError>;

/// The names that handlebars.js calls as helpers even if they have no arguments, whatever the context has.
pub(super) const KNOWN: [&str; 8] =
    ["helperMissing", "blockHelperMissing", "each", "if", "unless", "with", "log", "lookup"];

/// Finds a helper by its name.
// Source: application-generic/src/usecases/compile-template/compile-template.usecase.ts
pub(super) fn find(name: &str) -> Option<Helper> {
    Some(match name {
        "each" => blocks::each,
        "if" => blocks::if_,
        "unless" => blocks::unless,
        "with" => blocks::with,
        "log" => |_| Ok(Value::Undefined),
        "lookup" => lists::lookup,
        "equals" => compare::equals,
        "eq" => compare::eq,
        "ne" => compare::ne,
        "gt" => compare::gt,
        "gte" => compare::gte,
        "lt" => compare::lt,
        "lte" => compare::lte,
        "titlecase" => texts::titlecase,
        "uppercase" => texts::uppercase,
        "lowercase" => texts::lowercase,
        "pluralize" => texts::pluralize,
        "i18n" => texts::i18n,
        "dateFormat" => date_format::date_format,
        "numberFormat" => number_format::number_format,
        "unique" => lists::unique,
        "groupBy" => lists::group_by,
        "sortBy" => lists::sort_by,
        _ => return None,
    })
}
