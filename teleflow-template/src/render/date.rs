//! Dates: JavaScript's `Date.parse`, and `format` of date-fns 2.29.3 with its English texts. All times are in UTC, as on the
//! server.

// A module imports only from those below it.
mod format;
mod parse;
mod composer;
mod tokens;
mod token;
mod names;
mod calendar;

pub(super) use calendar::clip;
pub(super) use format::format;
pub(super) use parse::parse;
