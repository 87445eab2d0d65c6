//! The rules of JavaScript that are visible in the server's responses.

// A module imports only from those below it.
mod member;
mod prototype;
mod value;
mod text;
mod date;

pub(crate) use date::format_date;
pub(crate) use member::{Member, compare, is_identical, member_at, to_date};
pub(crate) use prototype::drop_prototype_names;
pub(crate) use teleflow_template::{format_number, parse_date, parse_number};
pub(crate) use text::{to_text, trim};
pub(crate) use value::{
    at_path, if_truthy, into_object, iterate, merge, object, property, reserved_key, strip_reserved_keys, truthy,
    with_js_numbers,
};
