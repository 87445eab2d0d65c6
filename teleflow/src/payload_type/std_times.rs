//! Durations and times of the standard library.

use std::time::{Duration, SystemTime};

use super::object;

object!(Duration, "Duration" { 0 always "secs": u64, 1 always "nanos": u32; 2 });
object!(SystemTime, "SystemTime" { 0 always "secs_since_epoch": u64, 1 always "nanos_since_epoch": u32; 2 });
