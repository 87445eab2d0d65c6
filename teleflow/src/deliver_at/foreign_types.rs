//! Delivery times from the types of std, chrono, time and jiff.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{DeliverAt, DeliverAtError};

impl TryFrom<SystemTime> for DeliverAt {
    type Error = DeliverAtError;

    fn try_from(time: SystemTime) -> Result<Self, DeliverAtError> {
        let millis = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_millis()).map_err(|_| DeliverAtError(()))?,
            // Rounds down, as for times after the epoch.
            Err(before) => {
                let nanos = before.duration().as_nanos();
                -i128::try_from(nanos.div_ceil(1_000_000)).map_err(|_| DeliverAtError(()))?
            }
        };
        Self::from_unix_millis(millis)
    }
}

#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> TryFrom<chrono::DateTime<Z>> for DeliverAt {
    type Error = DeliverAtError;

    fn try_from(time: chrono::DateTime<Z>) -> Result<Self, DeliverAtError> {
        Self::from_unix_millis(time.timestamp_millis().into())
    }
}

#[cfg(feature = "time")]
impl TryFrom<time::OffsetDateTime> for DeliverAt {
    type Error = DeliverAtError;

    fn try_from(at: time::OffsetDateTime) -> Result<Self, DeliverAtError> {
        Self::from_unix_millis(at.unix_timestamp_nanos().div_euclid(1_000_000))
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<jiff::Timestamp> for DeliverAt {
    type Error = DeliverAtError;

    fn try_from(time: jiff::Timestamp) -> Result<Self, DeliverAtError> {
        Self::from_unix_millis(time.as_nanosecond().div_euclid(1_000_000))
    }
}
