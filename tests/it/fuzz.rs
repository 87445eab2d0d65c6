//! Whatever a server answers, and whatever an application sends: no panic, and no nonsense.
//!
//! A few hundred cases by default. For longer: `TELEFLOW_FUZZ_SECONDS=600 cargo test -p teleflow-tests --test it
//! fuzz`. A case that fails is printed as JSON; put into `tests/found/`, it is tried again by every run.

mod answers;
mod payloads;

use std::time::{Duration, Instant};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};

/// Tries cases for as long as it is told to. Each is reduced by hand: what is printed is the whole case.
fn try_cases<S: Strategy>(strategy: &S, check: impl Fn(&S::Value)) {
    let seconds = std::env::var("TELEFLOW_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let (least, time) = (400, Duration::from_secs(seconds.unwrap_or(0)));
    let started = Instant::now();
    let mut runner = TestRunner::new(Config::default());
    let mut tried = 0_u64;
    while tried < least || started.elapsed() < time {
        let case = strategy.new_tree(&mut runner).expect("the strategy makes cases").current();
        check(&case);
        tried += 1;
    }
    println!("{tried} cases in {:.1} s", started.elapsed().as_secs_f64());
}
