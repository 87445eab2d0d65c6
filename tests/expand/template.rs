//! A transaction id from fields.

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{{order}} {order_id}/{type} \"100 %\"")]
struct OrderShipped {
    order_id: u64,
    r#type: &'static str,
}
