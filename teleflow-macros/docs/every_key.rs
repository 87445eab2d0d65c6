use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{order_id}", omit("note"))]
struct OrderShipped<'a> {
    order_id: &'a str,
    #[teleflow(to)]
    customer: &'a str,
    #[teleflow(actor)]
    merchant: Option<&'a str>,
    #[serde(skip)]
    #[teleflow(tenant)]
    shop: &'a str,
    // The invoice goes to accounting, not to the customer's own address.
    #[teleflow(address)]
    email: &'a str,
    #[teleflow(kind = "string")]
    total: Money,
}

/// Writes itself as a text.
struct Money(u64);
impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}.{:02} €", self.0 / 100, self.0 % 100))
    }
}

async fn tell(client: &Client, order_id: &str) -> teleflow::Result<()> {
    let shipped = OrderShipped {
        order_id,
        customer: "ada",
        merchant: Some("merchant-7"),
        shop: "hats",
        email: "accounting@example.com",
        total: Money(1995),
    };
    let receipt = shipped.send(client).await?;
    println!("{}", receipt.transaction_id());
    Ok(())
}
