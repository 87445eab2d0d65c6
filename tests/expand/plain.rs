//! A struct with nothing but a trigger.

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
pub struct OrderShipped<'a> {
    pub order_id: &'a str,
    pub carrier: &'a str,
}
