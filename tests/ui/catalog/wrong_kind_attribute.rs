use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize)]
struct Flag(bool);

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"))]
struct OrderShipped {
    carrier: String,
    #[teleflow(kind = "string")]
    gift: Flag,
    #[teleflow(kind = "array")]
    nickname: Flag,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows")]
struct Misspelt {
    #[teleflow(kind = "strin")]
    carrier: Flag,
}

fn main() {}
