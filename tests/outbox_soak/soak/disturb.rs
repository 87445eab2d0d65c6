//! Disturbances of the server, apart from the faults of single requests.

use std::time::Duration;

use fastrand::Rng;
use teleflow_emulator::Emulator;
use tokio::time::sleep;

use crate::plan;

/// From time to time, the server cannot queue events, or a workflow is inactive.
pub async fn server(emulator: Emulator, seed: u64) {
    let mut random = Rng::with_seed(seed);
    loop {
        sleep(Duration::from_millis(random.u64(1000..4000))).await;
        if random.bool() {
            // The server keeps the failure under the idempotency key of the request.
            emulator.fail_queue(true);
            sleep(Duration::from_millis(random.u64(20..100))).await;
            emulator.fail_queue(false);
        } else {
            plan::set_edited(&emulator, false);
            sleep(Duration::from_millis(random.u64(200..1500))).await;
            plan::set_edited(&emulator, true);
        }
    }
}
