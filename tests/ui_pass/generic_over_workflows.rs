//! `W: TeleflowWorkflow` alone means: the workflow requires no more than a recipient.

#![deny(warnings)]

use serde::Serialize;
use teleflow::{Client, Receipt, Sending, TeleflowWorkflow};

fn notify<W: TeleflowWorkflow>(client: &Client, workflow: W) -> Sending<Receipt> {
    workflow.to("ada").send(client)
}

fn borrowed<W: TeleflowWorkflow>(client: &Client, workflow: &W) -> Sending<Receipt> {
    workflow.to("ada").actor("bob").send(client)
}

async fn each<W: TeleflowWorkflow>(client: &Client, workflows: impl IntoIterator<Item = W>) -> teleflow::Result<()> {
    for workflow in workflows {
        notify(client, workflow).await?;
    }
    Ok(())
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped<'a> {
    id: &'a str,
    #[teleflow(to)]
    customer: &'a str,
}

fn main() {}

pub async fn uses(client: &Client) -> teleflow::Result<()> {
    let shipped = OrderShipped { id: "A-7", customer: "ada" };
    borrowed(client, &shipped).await?;
    (&shipped).send(client).await?;
    notify(client, &shipped).await?;
    each(client, [shipped]).await
}
