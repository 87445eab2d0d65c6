use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

type List = Vec<u8>;

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows")]
#[serde(into = "List")]
struct AsList {}

impl From<AsList> for List {
    fn from(_: AsList) -> Self {
        Self::new()
    }
}

#[derive(Serialize, TeleflowPayload)]
struct Text(String);

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows")]
#[serde(into = "Text")]
struct AsText {}

impl From<AsText> for Text {
    fn from(_: AsText) -> Self {
        Self(String::new())
    }
}

fn main() {}
