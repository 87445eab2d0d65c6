//! The code for a payload type passes every lint that a project may enable.

#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    unreachable_pub,
    unnameable_types,
    unused_qualifications,
    unused_lifetimes,
    single_use_lifetimes,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    private_interfaces,
    private_bounds,
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
use teleflow::TeleflowPayload;

/// An ordered item.
#[derive(Debug, Serialize, TeleflowPayload)]
#[deprecated]
pub struct Line<'a, T>
where
    T: Clone,
{
    /// Which one.
    pub sku: &'a str,
    /// How it was called before.
    #[deprecated]
    pub legacy: T,
    /// With a private type.
    rest: Option<Private<T>>,
    /// How many.
    #[deprecated]
    #[teleflow(kind = "number")]
    pub count: u8,
}

#[derive(Debug, Clone, Serialize, TeleflowPayload)]
struct Private<T>(#[teleflow(kind = "any")] T);

/// Where it is.
#[derive(Debug, Clone, Copy, Serialize, TeleflowPayload)]
#[serde(tag = "type")]
pub enum Status {
    /// On its way.
    InTransit {
        /// Since when.
        #[deprecated]
        since: u64,
    },
    /// Nowhere.
    #[deprecated]
    Lost,
}

/// A newtype.
#[derive(Debug, Clone, Copy, Serialize, TeleflowPayload)]
pub struct Number(u8);

/// Makes one.
#[allow(deprecated)]
pub fn line() -> Line<'static, u8> {
    Line { sku: "A-7", legacy: 1, rest: Some(Private(1)), count: 1 }
}

fn main() {
    println!("{:?}", line());
}
