//! Private types are checked, although the workflow's module cannot name them.

#![deny(warnings, unnameable_types, private_bounds)]
#![allow(private_interfaces)]

mod shop {
    use serde::Serialize;
    use teleflow::TeleflowPayload;

    #[derive(Serialize, TeleflowPayload)]
    pub struct Items(Vec<Item>);

    #[derive(Serialize, TeleflowPayload)]
    struct Item {
        sku: Cell,
        pub qty: Duration,
        pub(crate) price: Url,
    }

    #[derive(Serialize, TeleflowPayload)]
    struct Cell(&'static str);

    #[derive(Serialize, TeleflowPayload)]
    struct Duration(u8);

    #[derive(Serialize, TeleflowPayload)]
    struct Url {
        amount: String,
        currency: Cow,
    }

    #[derive(Serialize, TeleflowPayload)]
    enum Cow {
        Eur,
    }

    #[derive(Serialize, TeleflowPayload)]
    pub struct Rest {
        pub(self) items: Items,
    }

    impl Items {
        pub fn new() -> Self {
            let price = Url { amount: String::new(), currency: Cow::Eur };
            Self(vec![Item { sku: Cell("a"), qty: Duration(1), price }])
        }
    }

    impl Rest {
        pub fn new() -> Self {
            Self { items: Items::new() }
        }
    }
}

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname"))]
pub struct OrderShipped {
    carrier: String,
    gift: bool,
    items: shop::Items,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname"))]
pub struct Flattened {
    carrier: String,
    gift: bool,
    #[serde(flatten)]
    rest: shop::Rest,
}

fn main() {
    let _ = OrderShipped { carrier: String::new(), gift: true, items: shop::Items::new() }.to("ada");
    let _ = Flattened { carrier: String::new(), gift: true, rest: shop::Rest::new() }.to("ada");
}
