//! Where a message would go.

/// Where the server would send a message: to a subscriber, or to an address that an event contains.
///
/// The predicate of [`RecipientGuard::only_matching`](crate::RecipientGuard::only_matching) gets one at a time.
///
/// ```
/// use teleflow::{Destination, RecipientGuard};
///
/// let guard = RecipientGuard::only_matching(|destination| match destination {
///     Destination::Subscriber(id) => id.starts_with("qa-"),
///     Destination::Email(address) => address.ends_with("@example.com"),
///     _ => false,
/// });
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destination<'a> {
    /// The id of a subscriber, trimmed as the server trims it. The server sends to the addresses that it has stored.
    Subscriber(&'a str),
    /// An e-mail address. It contains one `@`, and neither whitespace nor `,`, `;`, `<`, `>` or `"`.
    Email(&'a str),
    /// A phone number. It contains neither `,` nor `;`.
    Phone(&'a str),
    /// The URL of a chat webhook.
    WebhookUrl(&'a str),
}

impl<'a> Destination<'a> {
    /// The id or the address.
    ///
    /// ```
    /// assert_eq!(teleflow::Destination::Phone("+44 20").as_str(), "+44 20");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'a str {
        match self {
            Self::Subscriber(text) | Self::Email(text) | Self::Phone(text) | Self::WebhookUrl(text) => text,
        }
    }

    /// Whether it is certainly one destination. A provider may take some texts for a list of addresses.
    pub(super) fn is_single(self) -> bool {
        let text = self.as_str();
        let lacks = |separators: &[char]| !text.contains(separators);
        match self {
            Self::Subscriber(_) => true,
            Self::Email(_) => {
                lacks(&[',', ';', '<', '>', '"'])
                    && !text.contains(char::is_whitespace)
                    && text.matches('@').count() == 1
            }
            Self::Phone(_) => lacks(&[',', ';']),
            Self::WebhookUrl(_) => true,
        }
    }
}

/// The kind of an address.
#[derive(Debug, Clone, Copy)]
pub(super) enum AddressKind {
    Email,
    Phone,
    WebhookUrl,
}

impl AddressKind {
    pub(super) fn destination(self, address: &str) -> Destination<'_> {
        match self {
            Self::Email => Destination::Email(address),
            Self::Phone => Destination::Phone(address),
            Self::WebhookUrl => Destination::WebhookUrl(address),
        }
    }
}

/// Shows the kind, not the address.
impl std::fmt::Debug for Destination<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Subscriber(_) => "Subscriber(..)",
            Self::Email(_) => "Email(..)",
            Self::Phone(_) => "Phone(..)",
            Self::WebhookUrl(_) => "WebhookUrl(..)",
        })
    }
}
