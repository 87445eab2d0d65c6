//! The ids of this crate, and the plain types of other crates.

use super::serialized_as;
use crate::id::{SubscriberId, TransactionId, TriggerId};

serialized_as!(String: SubscriberId, TransactionId, TriggerId);

#[cfg(feature = "uuid")]
serialized_as!(String: uuid::Uuid);

#[cfg(feature = "url")]
serialized_as!(String: url::Url);

// A text, unless its feature `serde-float` or one like it is on: which, only the whole build knows.
#[cfg(feature = "rust_decimal")]
serialized_as!(NumberOrString: rust_decimal::Decimal);
