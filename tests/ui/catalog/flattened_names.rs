use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
struct Customer {
    nickname: String,
    email: String,
}

#[derive(Serialize, TeleflowPayload)]
struct Carriage {
    carrier: String,
    note: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<String>,
}

// An address that is not allowed, and a name that the struct itself has.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"))]
struct Outer {
    gift: bool,
    note: String,
    #[serde(flatten)]
    customer: Customer,
    #[serde(flatten)]
    carriage: Carriage,
}

#[derive(Serialize, TeleflowPayload)]
struct Gift {
    gift: bool,
    note: String,
}

// Names that two flattened types have.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"), address("email"))]
struct Two {
    rest: String,
    #[serde(flatten)]
    customer: Customer,
    #[serde(flatten)]
    carriage: Carriage,
    #[serde(flatten)]
    gift: Gift,
}

// At most one of these is sent at a time, so no name is certain.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"), address("email"))]
struct OneAtATime {
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    rest: String,
    #[serde(flatten)]
    customer: Customer,
    #[serde(flatten)]
    carriage: Carriage,
    #[serde(flatten)]
    other: Option<Carriage>,
    gift: bool,
}

// The type that is sent instead of the struct.
#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"))]
#[serde(into = "Sent")]
struct Converted {}

#[derive(Serialize, TeleflowPayload)]
struct Sent {
    carrier: String,
    gift: bool,
    nickname: String,
    phone: String,
}

impl From<Converted> for Sent {
    fn from(_: Converted) -> Self {
        Self { carrier: String::new(), gift: true, nickname: String::new(), phone: String::new() }
    }
}

#[derive(Serialize, TeleflowPayload)]
struct Progress {
    carrier: String,
    step: u8,
}

// A name that the server replaces in templates.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items", "nickname"))]
struct Hidden {
    gift: bool,
    #[serde(flatten)]
    progress: Progress,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items", "nickname"), shadowed("step"))]
struct HiddenAndAllowed {
    gift: bool,
    #[serde(flatten)]
    progress: Progress,
}

// A raw name is shown without its `r#`.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items", "nickname"))]
struct r#Raw {
    gift: bool,
    note: String,
    #[serde(flatten)]
    carriage: Carriage,
}

fn main() {}
