//! Why an event is sent in a bulk or alone.

use std::fmt;

/// Why a request of a [`BulkPlan`](crate::BulkPlan) is a bulk or a single event. `Display` is the reason in words.
///
/// ```
/// use teleflow::{Client, Event, RouteReason, bulk};
///
/// let client = Client::new("my-api-key")?;
/// let plan = bulk![Event::untyped("welcome", serde_json::json!({})).to("ada")].plan(&client);
/// assert_eq!(plan.requests().next().unwrap().reason(), RouteReason::OnlyEvent);
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RouteReason {
    /// A bulk: it needs the fewest requests.
    Bulk,
    /// One event is left. Alone it costs 1 of the rate limit, in a bulk 100.
    OnlyEvent,
    /// At most ten events are left, and the server has reported that its rate limit is on. Alone each costs 1, a bulk 100.
    FewEvents,
    /// The server refuses every bulk: its rate policy never has 100 tokens.
    BurstTooLow {
        /// The most tokens that the rate policy ever has.
        burst: u32,
    },
}

impl fmt::Display for RouteReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bulk => f.write_str("a bulk needs the fewest requests"),
            Self::OnlyEvent => f.write_str("one event alone costs 1 instead of 100"),
            Self::FewEvents => f.write_str("a few events alone cost less than a bulk"),
            Self::BurstTooLow { burst } => {
                write!(f, "the rate limit never has more than {burst} tokens, and a bulk costs 100")
            }
        }
    }
}
