//! Checked against tests/workflows/order-shipped.json. The compiler must resolve the type of `gift` and the types inside `items`.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "../tests/workflows", omit("nickname", "items[].qty"))]
struct OrderShipped<'a> {
    carrier: &'a str,
    gift: Flag,
    items: Vec<Item<'a>>,
}
