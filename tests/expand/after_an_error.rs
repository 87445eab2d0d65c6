//! After an error, the type can still be used: one cause, one error.

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(triger = "order-shipped")]
struct OrderShipped<T: Clone> {
    order_id: T,
}
