//! A macro of another crate passes types of its own to the derives.

#![deny(warnings)]

use teleflow::TeleflowWorkflow;
use teleflow_tests_elsewhere::{order, types};

order!(OrderShipped, Line);

fn main() {
    let line = Line { id: types::Id(1), ids: vec![types::Id(2)], said: None };
    let _ = (line.id, line.ids, line.said);
    let price = std::collections::BTreeMap::new();
    let item = types::Item { sku: String::new(), qty: types::Id(1), price };
    let order = OrderShipped {
        reader: "ada".into(),
        author: None,
        carrier: "UPS".into(),
        gift: types::Id(1),
        items: [item],
    };
    assert!(order.to("ada").into_request().is_ok());
}
