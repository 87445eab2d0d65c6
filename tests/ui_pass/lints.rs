//! Generated code passes every lint that a project may enable.

#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    unreachable_pub,
    unused_qualifications,
    unused_lifetimes,
    single_use_lifetimes,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    trivial_casts,
    trivial_numeric_casts,
    unused_results,
    variant_size_differences,
    let_underscore_drop,
    non_ascii_idents,
    future_incompatible,
    keyword_idents,
    nonstandard_style,
    rust_2018_idioms,
    rust_2024_compatibility,
    let_underscore,
    unused
)]

use serde::Serialize;
use teleflow::TeleflowWorkflow;

/// An order is on its way.
#[derive(Debug, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{id}-{legacy}")]
#[deprecated]
pub struct OrderShipped<'a, T> {
    /// Which order.
    pub id: u64,
    /// Who made it.
    #[deprecated]
    #[teleflow(actor)]
    pub legacy: &'a str,
    /// Who waits for it.
    #[teleflow(to)]
    pub customer: &'a str,
    /// Everything else.
    pub rest: T,
}

/// With private types.
#[derive(Debug, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "digest", transaction_id = "{number}")]
pub struct Digest<T> {
    number: Private<T>,
}

#[derive(Debug, Serialize)]
struct Private<T>(T);

impl<T> std::fmt::Display for Private<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("private")
    }
}

/// Makes one.
pub fn digest() -> Digest<u8> {
    Digest { number: Private(1) }
}

fn main() {
    println!("{:?}", digest());
}
