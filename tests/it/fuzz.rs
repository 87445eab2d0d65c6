//! Random responses, payloads and files of the emulator: the client must not panic or report a false result, and the
//! emulator must not panic or hang.
//!
//! Each test runs 400 cases. To run it longer: `TELEFLOW_FUZZ_SECONDS=600 cargo test -p teleflow-tests --test it fuzz`.
//! A failing response is printed as JSON. Add it to `tests/found/`, and every run checks it again.

mod emulator_files;
mod payloads;
mod responses;

use std::time::{Duration, Instant};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};

/// Checks at least 400 random cases, and more until `TELEFLOW_FUZZ_SECONDS` have passed. Failing cases are not shrunk.
fn try_cases<S: Strategy>(strategy: &S, check: impl Fn(&S::Value)) {
    let seconds = std::env::var("TELEFLOW_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let (minimum, duration) = (400, Duration::from_secs(seconds.unwrap_or(0)));
    let started = Instant::now();
    let mut runner = TestRunner::new(Config::default());
    let mut tried = 0_u64;
    while tried < minimum || started.elapsed() < duration {
        let case = strategy.new_tree(&mut runner).expect("the strategy produces a case").current();
        check(&case);
        tried += 1;
    }
    println!("{tried} cases in {:.1} s", started.elapsed().as_secs_f64());
}
