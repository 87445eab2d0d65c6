use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize)]
struct Money(u64);

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-due", catalog = "workflows")]
struct InvoiceDue {
    amount: Money,
    #[serde(rename = "sendAt")]
    send_at: teleflow::DeliverAt,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname"))]
struct OrderShipped {
    carrier: String,
    gift: bool,
    items: Vec<Money>,
}

fn main() {}
