use serde::Serialize;
use teleflow::{Client, Overrides, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{order_id}", omit("note"), address("phone"))]
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
    // Only a step's condition reads it.
    #[teleflow(shadowed)]
    step: u8,
    #[teleflow(kind = "string")]
    total: Money,
    #[teleflow(sensitive)]
    door_code: &'a str,
    #[serde(flatten)]
    accounting: Accounting<'a>,
}

#[derive(Serialize)]
struct Accounting<'a> {
    phone: &'a str,
}

/// An amount in cents. It serializes as a string.
struct Money(u64);
impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}.{:02} €", self.0 / 100, self.0 % 100))
    }
}

async fn notify(client: &Client, order_id: &str) -> teleflow::Result<()> {
    let shipped = OrderShipped {
        order_id,
        customer: "ada",
        merchant: Some("merchant-7"),
        shop: "hats",
        email: "accounting@example.com",
        step: 2,
        total: Money(1995),
        door_code: "2718",
        accounting: Accounting { phone: "+4930123456" },
    };
    let receipt = shipped.event().overrides(Overrides::new().layout("plain")).send(client).await?;
    println!("{}", receipt.transaction_id());
    Ok(())
}
