use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-due", catalog = "workflows")]
struct InvoiceDue {
    amount: u64,
    #[serde(rename = "sendAt")]
    send_at: teleflow::DeliverAt,
}

fn main() {
    let client = &teleflow::Client::new("key").unwrap();
    let send_at = teleflow::DeliverAt::after(std::time::Duration::ZERO).unwrap();
    let _ = InvoiceDue { amount: 7, send_at }.to("ada").send(client);
    let _ = InvoiceDue { amount: 7, send_at }.broadcast().tenant("hats").send(client);
}
