//! The check at the end of a test.

use std::panic::{AssertUnwindSafe, catch_unwind};

use teleflow::TeleflowWorkflow;

use super::{BY_UPS, emulator, failure};

#[tokio::test]
async fn an_event_that_was_not_asserted_fails_the_test_at_its_end() {
    let emulator = emulator();
    let check = emulator.check_on_drop();
    BY_UPS.to("ada").send(&emulator.client()).await.unwrap();
    let text = failure(|| drop(check));
    let first = "1 of 1 event that was sent was not asserted:\n  1. order-shipped to \"ada\": {\"order_id\":\"A-7\",\"carrier\":\"UPS\"}\n";
    assert!(text.starts_with(first), "{text}");
    assert!(text.contains("the check was created at ") && text.contains("check_on_drop.rs:"), "{text}");

    let check = emulator.check_on_drop();
    emulator.assert_sent(BY_UPS.to("ada"));
    drop(check);
}

#[tokio::test]
async fn it_is_silent_if_the_test_has_failed() {
    let emulator = emulator();
    BY_UPS.to("ada").send(&emulator.client()).await.unwrap();
    // A second panic would end the process.
    let failed = catch_unwind(AssertUnwindSafe(|| {
        let _check = emulator.check_on_drop();
        panic!("the test fails");
    }));
    assert_eq!(failed.unwrap_err().downcast_ref(), Some(&"the test fails"));
}
