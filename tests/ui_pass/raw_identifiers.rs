//! serde drops the `r#`, and so does a template.

#![deny(warnings)]
#![allow(non_camel_case_types)]

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{type}-{async}")]
struct r#struct<r#fn> {
    r#type: r#fn,
    r#async: u8,
    #[teleflow(to)]
    r#in: String,
}

fn main() {
    let _ = r#struct { r#type: 1, r#async: 2, r#in: String::new() };
}
