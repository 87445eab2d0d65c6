use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-due", catalog = "workflows")]
struct InvoiceDue {
    amount: String,
    #[serde(rename = "sendAt")]
    send_at: String,
}

fn main() {}
