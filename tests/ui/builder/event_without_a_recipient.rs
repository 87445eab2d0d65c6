//! An event of a struct without a field marked `#[teleflow(to)]`.

use serde::Serialize;
use teleflow::{Bulk, Event, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {}

fn main() {}

fn events(orders: &[OrderShipped]) {
    let _ = OrderShipped {}.event();
    let _: Bulk = orders.iter().map(TeleflowWorkflow::event).collect();
}

fn no_events(bulk: &mut Bulk, orders: &[OrderShipped]) {
    bulk.push(OrderShipped {});
    let _ = orders.iter().collect::<Bulk>();
    bulk.push(OrderShipped {}.broadcast());
    bulk.push(Event::untyped("welcome", OrderShipped {}));
}
