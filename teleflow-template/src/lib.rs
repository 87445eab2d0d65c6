//! Parses and renders the templates of a Teleflow server. Internal to `cargo teleflow` and the emulator; it changes without notice.
//!
//! The server renders with handlebars.js 4.7.7. This crate accepts and rejects the same templates, and records the byte
//! offsets of each part. With the feature `render`, it renders them with the helpers of the server.
//!
//! ```
//! use teleflow_template::{Statement, parse};
//!
//! let program = parse("Hi {{user.name}}!")?;
//! let Some(Statement::Mustache(mustache)) = program.get(1) else { panic!() };
//! assert_eq!(mustache.call.callee.as_path().map(|path| path.original.as_str()), Some("user.name"));
//!
//! let error = parse("Hi {{user.name}").unwrap_err();
//! assert_eq!(error.to_string(), "line 1, column 15: unexpected `}`");
//! # Ok::<(), teleflow_template::Error>(())
//! ```

// A module imports only from those below it.
#[cfg(feature = "render")]
mod render;
mod parser;
mod whitespace;
mod tag_name;
mod call;
mod cursor;
mod lexer;
mod scan;
mod token;
mod error;
mod ast;
pub mod javascript;

pub use ast::{
    Block, BlockKind, Branch, Call, Comment, Expression, Inverse, Mustache, Pair, Partial, Path, Program, Span,
    Statement, Strip, Text,
};
pub use error::Error;
pub use parser::parse;
#[cfg(feature = "render")]
pub use render::{Missing, RenderError, Rendered, format_number, parse_date, parse_number, render, render_json};
