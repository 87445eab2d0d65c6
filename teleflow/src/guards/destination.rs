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
    /// An e-mail address. It contains one `@`, and no whitespace, control character, `=?`, or one of `()<>[]:;\,"`.
    Email(&'a str),
    /// A phone number. It contains no control character, none of `,;|/&\`, and `+` only at its start.
    Phone(&'a str),
    /// The URL of a chat webhook. It contains no whitespace, control character or `\`, and no user.
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

    /// Whether it is certainly one destination. A provider may take some texts for a list of addresses, or read an address
    /// other than the one that a predicate sees.
    pub(super) fn is_single(self) -> bool {
        let text = self.as_str();
        let is_special = match self {
            Self::Subscriber(_) => return true,
            // The characters that an unquoted address does not have.
            // Source: `specials` in RFC 5322.
            Self::Email(_) => |c: char| c.is_control() || c.is_whitespace() || "()<>[]:;\\,\"".contains(c),
            Self::Phone(_) => |c: char| c.is_control() || ",;|/&\\".contains(c),
            // URL parsers read `\` as `/`, and remove control characters.
            Self::WebhookUrl(_) => |c: char| c.is_control() || c.is_whitespace() || c == '\\',
        };
        !text.contains(is_special)
            && match self {
                Self::Subscriber(_) => true,
                // Some mailers decode words of the form `=?utf-8?q?..?=`, which may contain a whole address.
                // Source: RFC 2047.
                Self::Email(_) => text.matches('@').count() == 1 && !text.contains("=?"),
                Self::Phone(_) => text.trim_start().rfind('+').is_none_or(|position| position == 0),
                Self::WebhookUrl(_) => !has_user(text),
            }
    }
}

/// Whether a URL has a user, which may look like its host: `https://hooks.example.com@evil.example`.
fn has_user(url: &str) -> bool {
    let authority = url.split_once("//").map_or(url, |(_, rest)| rest);
    authority.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
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
