//! How long a request waits before it is sent again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The wait after this many claims: 5 s, twice as much for each further claim, at most 15 minutes, and between half and all
/// of that, at random.
pub(crate) fn after_claims(claims: i64) -> Duration {
    let doublings = u32::try_from(claims.saturating_sub(1).clamp(0, 16)).unwrap_or_default();
    let most = SHORTEST.saturating_mul(1 << doublings).min(LONGEST);
    most / 2 + random_part(most / 2)
}

/// From nothing to `most`, at random.
fn random_part(most: Duration) -> Duration {
    // Every `RandomState` has other keys.
    let random = u32::try_from(RandomState::new().hash_one(0) >> 32).unwrap_or_default();
    most.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, SHORTEST, after_claims};

    #[test]
    fn the_wait_grows_up_to_its_limit_and_is_random() {
        for (claims, most) in
            [(0, SHORTEST), (1, SHORTEST), (2, SHORTEST * 2), (8, SHORTEST * 128), (9, LONGEST), (i64::MAX, LONGEST)]
        {
            let waits: Vec<_> = (0..100).map(|_| after_claims(claims)).collect();
            assert!(waits.iter().all(|wait| (most / 2..=most).contains(wait)), "{claims}: {waits:?}");
            assert!(waits.windows(2).any(|pair| pair[0] != pair[1]), "{claims}: {waits:?}");
        }
    }
}
