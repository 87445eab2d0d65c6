//! An event of a struct without a field marked `#[teleflow(to)]`.

use serde::Serialize;
use teleflow::{Bulk, Event, TeleflowWorkflow, bulk};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {}

#[derive(Serialize)]
struct NoWorkflow {}

fn main() {}

fn events(orders: &[OrderShipped]) {
    let _ = OrderShipped {}.event();
    let _: Bulk = orders.iter().map(TeleflowWorkflow::event).collect();
}

fn pushed(bulk: &mut Bulk, orders: &[OrderShipped]) {
    bulk.push(OrderShipped {});
    bulk.extend(orders);
    let _ = orders.iter().collect::<Bulk>();
    let _ = bulk![OrderShipped {}];
}

fn not_an_event(bulk: &mut Bulk) {
    bulk.push(NoWorkflow {});
    bulk.push(7);
    bulk.push(OrderShipped {}.broadcast());
    bulk.push(Event::untyped("welcome", NoWorkflow {}));
}
