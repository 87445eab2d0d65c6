//! The rules of JavaScript that are visible in the server's responses.

// A module imports only from those below it.
mod value;
mod date;

pub(crate) use date::{format_date, parse_date};
pub(crate) use value::{
    at_path, if_truthy, into_object, merge, number, property, reserved_key, strip_reserved_keys, trim, truthy,
    with_js_numbers,
};
