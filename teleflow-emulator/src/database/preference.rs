//! `Preference`: the channels that a subscriber has on.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The channels that a subscriber has on, for all workflows or for one.
///
/// Messages of a critical workflow are sent whatever the subscriber prefers.
///
/// ```
/// use teleflow_emulator::{Emulator, Preference};
///
/// let emulator = Emulator::new();
/// emulator
///     .preference(Preference::global("ada").channel("sms", false))
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
    #[serde(default)]
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

    /// Switches a channel on or off: `email`, `sms`, `push`, `chat` or `in_app`.
    pub fn channel(mut self, channel: impl Into<String>, on: bool) -> Self {
        self.channels.insert(channel.into(), on.into());
        self
    }
}
