//! The least there is.

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
pub struct OrderShipped<'a> {
    pub order_id: &'a str,
    pub carrier: &'a str,
}
