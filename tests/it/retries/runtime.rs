//! Futures that are awaited without a tokio runtime, or in one without a timer.

use teleflow::{ErrorKind, Fate};

use super::script::{Script, Step};
use super::{event, numbered};

#[test]
fn without_a_runtime_nothing_is_sent_and_the_error_names_the_cause() {
    let script = Script::new([Step::queued()]);
    let client = script.client();
    let stored = event().into_request().unwrap();
    let bulk: teleflow::Bulk = (0..2).map(numbered).collect();
    let errors = [
        poll_once(event().send(&client)).unwrap_err(),
        poll_once(teleflow::Broadcast::untyped("welcome", serde_json::json!({})).send(&client)).unwrap_err(),
        poll_once(client.cancel(&"t-1".into())).unwrap_err(),
        poll_once(client.send(stored)).into_result().unwrap_err(),
        poll_once(bulk.send(&client)).into_result().unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::Invalid, Fate::NotQueued, 0), "{error}");
        assert!(error.to_string().contains("no tokio runtime is running"), "{error}");
    }
    assert_eq!(script.attempt_count(), 0);
}

/// The output of a future that is ready on its first poll.
fn poll_once<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("the future is not ready"),
    }
}

#[test]
fn awaiting_in_a_runtime_without_a_timer_panics_and_names_enable_time() {
    let script = Script::new([Step::queued()]);
    let client = script.client();
    let bulk: teleflow::Bulk = (0..2).map(numbered).collect();
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let event_panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = runtime().block_on(event().send(&client));
    }));
    let bulk_panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = runtime().block_on(bulk.send(&client));
    }));
    for panic in [event_panic.unwrap_err(), bulk_panic.unwrap_err()] {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string).or(panic.downcast_ref::<String>().cloned());
        assert!(text.as_ref().is_some_and(|text| text.contains("enable_time")), "{text:?}");
    }
}
