// Held against tests/workflows/order-shipped.json, where the gift's type and what is inside the items must be asked.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "../tests/workflows", omit("nickname", "items[].qty"))]
struct OrderShipped<'a> {
    carrier: &'a str,
    gift: Flag,
    items: Vec<Item<'a>>,
}
