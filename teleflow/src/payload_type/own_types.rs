//! The ids of this crate.

use super::serialized_as;
use crate::id::{SubscriberId, TransactionId, TriggerId};

serialized_as!(String: SubscriberId, TransactionId, TriggerId);
