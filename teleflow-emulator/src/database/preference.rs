//! `Preference`: the channels that a subscriber has on.

use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use super::channel::Channel;

/// The channels that a subscriber has on, for all workflows or for one.
///
/// Messages of a critical workflow are sent whatever the subscriber prefers.
///
/// ```
/// use teleflow_emulator::{Channel, Emulator, Preference};
///
/// let emulator = Emulator::new();
/// emulator
///     .preference(Preference::global("ada").channel(Channel::Sms, false))
///     .preference(Preference::workflow("ada", "newsletter").enabled(false));
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[must_use = "add it with `Emulator::preference`"]
pub struct Preference {
    pub(crate) subscriber_id: String,
    /// The trigger identifier. `None` for the preference for all workflows.
    #[serde(default)]
    pub(crate) workflow: Option<String>,
    #[serde(default)]
    pub(crate) enabled: Option<bool>,
    /// By the name of the channel. A value that is not a boolean counts as in JavaScript.
    #[serde(default, deserialize_with = "known_channels")]
    pub(crate) channels: Map<String, Value>,
}

impl Preference {
    /// Creates the subscriber's preference for all workflows, with every channel on.
    ///
    /// A channel that is off here stays off, whatever the preference for a workflow is.
    pub fn global(subscriber_id: impl Into<String>) -> Self {
        Self { subscriber_id: subscriber_id.into(), workflow: None, enabled: None, channels: Map::new() }
    }

    /// Creates the subscriber's preference for one workflow, with the channels that the workflow has on.
    pub fn workflow(subscriber_id: impl Into<String>, trigger: impl Into<String>) -> Self {
        Self { workflow: Some(trigger.into()), ..Self::global(subscriber_id) }
    }

    /// Switches all channels on or off.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    /// Switches a channel on or off.
    pub fn channel(mut self, channel: Channel, on: bool) -> Self {
        self.channels.insert(channel.name().to_owned(), on.into());
        self
    }
}

fn known_channels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    let channels = Map::deserialize(deserializer)?;
    match channels.keys().find(|name| Channel::from_name(name).is_none()) {
        None => Ok(channels),
        Some(unknown) => Err(de::Error::custom(Channel::unknown(unknown))),
    }
}
