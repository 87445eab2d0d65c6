//! `Channel`: how a message reaches its subscriber.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// How a message reaches its subscriber.
///
/// ```
/// use teleflow_emulator::{Channel, Emulator};
///
/// Emulator::new().without_integration(Channel::Sms);
/// assert_eq!(Channel::InApp.name(), "in_app");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Channel {
    /// E-mail.
    Email,
    /// SMS.
    Sms,
    /// Push messages to devices.
    Push,
    /// Chat.
    Chat,
    /// The subscriber's feed in the application.
    InApp,
}

impl Channel {
    pub(crate) const ALL: [Self; 5] = [Self::Email, Self::Sms, Self::Push, Self::Chat, Self::InApp];

    /// The server's name: `email`, `sms`, `push`, `chat` or `in_app`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Push => "push",
            Self::Chat => "chat",
            Self::InApp => "in_app",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }

    /// The message about a name that is not a channel.
    pub(crate) fn unknown(name: &str) -> String {
        let names: Vec<String> = Self::ALL.iter().map(|channel| format!("`{channel}`")).collect();
        format!("unknown channel `{}`; the channels are {}", name.escape_debug(), names.join(", "))
    }
}

/// Writes the server's name.
impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| de::Error::custom(Self::unknown(&name)))
    }
}
