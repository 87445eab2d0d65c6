//! serde cannot serialize a union.

use teleflow::TeleflowPayload;

#[derive(TeleflowPayload)]
union Either {
    number: u32,
    letter: char,
}

fn main() {}
