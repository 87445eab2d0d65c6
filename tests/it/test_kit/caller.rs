//! Each assertion fails at the line of the test, not inside the kit.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use serde_json::json;
use teleflow::{Event, TeleflowWorkflow};
use teleflow_emulator::{Emulator, Workflow};

use super::{BY_DHL, BY_UPS, Invoice, OrderShipped, emulator};

thread_local! {
    /// Where this thread has panicked last.
    static PANICKED_AT: RefCell<Option<(String, u32)>> = const { RefCell::new(None) };
}

/// Where an assertion fails: the file and the line.
fn panicked_at(assertion: impl FnOnce()) -> (String, u32) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let at = info.location().map(|location| (location.file().to_owned(), location.line()));
            PANICKED_AT.with_borrow_mut(|last| *last = at);
            print(info);
        }));
    });
    catch_unwind(AssertUnwindSafe(assertion)).expect_err("the assertion did not fail");
    PANICKED_AT.with_borrow_mut(Option::take).expect("a location")
}

/// Checks that an expression on one line fails there.
macro_rules! fails_here {
    ($assertion:expr) => {
        assert_eq!(
            panicked_at(|| {
                let _ = $assertion;
            }),
            (file!().to_owned(), line!()),
            "{}",
            stringify!($assertion)
        );
    };
}

#[tokio::test]
async fn an_assertion_over_events_fails_at_its_line() {
    let emulator = emulator();
    BY_UPS.to("ada").send(&emulator.client()).await.unwrap();
    let nobody: [&str; 0] = [];
    fails_here!(emulator.assert_sent(BY_DHL.to("ada")));
    fails_here!(emulator.assert_sent(BY_DHL.broadcast()));
    fails_here!(emulator.assert_sent(BY_UPS.to(nobody)));
    fails_here!(emulator.assert_sent_times(2, BY_UPS.to("ada")));
    fails_here!(emulator.assert_sent_times(0, BY_UPS.to("ada")));
    fails_here!(emulator.assert_sent_times(1, BY_UPS.to(nobody)));
    fails_here!(emulator.assert_not_sent::<OrderShipped<'_>>());
    fails_here!(emulator.assert_trigger_not_sent("order-shipped"));
    fails_here!(emulator.assert_nothing_sent());
    fails_here!(emulator.assert_nothing_else());
    emulator.assert_not_sent::<Invoice>();
}

#[tokio::test]
async fn an_assertion_over_messages_fails_at_its_line() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order").in_app("Order {{id}}").in_app("{{id}}"));
    Event::untyped("order", json!({})).to("ada").send(&emulator.client()).await.unwrap();
    let messages = emulator.messages_to("ada");
    fails_here!(messages.email());
    fails_here!(messages.sms());
    fails_here!(messages.push());
    fails_here!(messages.chat());
    fails_here!(messages.in_app());
    fails_here!(emulator.assert_no_missing_variables());
}
