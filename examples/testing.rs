//! How an application tests its notifications: what it sends, what a subscriber reads, and when sending fails.
//!
//! ```sh
//! cargo test --example testing
//! ```

use serde::Serialize;
use teleflow::{Client, Receipt, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped<'a> {
    order_id: &'a str,
    carrier: &'a str,
}

/// The code under test: a shop that ships an order and notifies the customer.
async fn ship(client: &Client, customer: &str, order_id: &str) -> teleflow::Result<Receipt> {
    OrderShipped { order_id, carrier: "UPS" }.to(customer).actor("warehouse").send(client).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> teleflow::Result<()> {
    let emulator = teleflow_emulator::Emulator::new().accept_unknown_workflows();
    ship(&emulator.client(), "ada", "A-7").await?;
    print!("{}", emulator.transcript());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use teleflow::{Fate, RetryPolicy, TeleflowWorkflow};
    use teleflow_emulator::{Emulator, Fault, SubscriberRecord, Workflow, no_network_client};

    use super::{OrderShipped, ship};

    #[tokio::test]
    async fn a_customer_is_notified_once() {
        let emulator = Emulator::new().accept_unknown_workflows();
        let _check = emulator.check_on_drop();
        ship(&emulator.client(), "ada", "A-7").await.unwrap();
        emulator.assert_sent_times(1, OrderShipped { order_id: "A-7", carrier: "UPS" }.to("ada"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_customer_reads_the_number_of_the_order() {
        let emulator = Emulator::new();
        emulator
            .workflow(
                Workflow::new("order-shipped")
                    .in_app("Order {{order_id}} is on its way.")
                    .delay(Duration::from_secs(60 * 60))
                    .email("Order {{order_id}}", "<p>{{carrier}} has your order.</p>"),
            )
            .subscriber(SubscriberRecord::new("ada").email("ada@example.com"));
        ship(&emulator.client(), "ada", "A-7").await.unwrap();
        assert_eq!(emulator.messages_to("ada").in_app().content(), "Order A-7 is on its way.");
        emulator.advance_to_idle();
        assert_eq!(emulator.messages_to("ada").email().text(), "UPS has your order.");
        emulator.assert_no_missing_variables();
    }

    #[tokio::test]
    async fn a_lost_response_is_an_error_of_unknown_fate() {
        let emulator = Emulator::new().accept_unknown_workflows();
        let client = emulator.client_builder().retry(RetryPolicy::none()).build().unwrap();
        emulator.fail_next(Fault::CloseAfter);
        assert_eq!(ship(&client, "ada", "A-7").await.unwrap_err().fate(), Fate::Unknown);
    }

    #[tokio::test]
    async fn nothing_is_sent_without_a_network() {
        assert!(ship(&no_network_client(), "ada", "A-7").await.is_err());
    }
}
