//! `RecipientGuard`: whom a client may notify.

use std::collections::BTreeSet;
use std::fmt;

use super::destination::Destination;
use crate::id::SubscriberId;
use crate::invalid::Invalid;
use crate::json::Edit;
use crate::recipient::Subscriber;

/// Whom a client may notify, for [`ClientBuilder::recipients`](crate::ClientBuilder::recipients). It keeps a staging system
/// from writing to real people.
///
/// It checks the complete body of each request: events of a struct, untyped ones, bulks, fan-outs and stored requests. An event
/// for anyone else is [`ErrorKind::Invalid`](crate::ErrorKind::Invalid), and nothing is sent. In a bulk or a fan-out the
/// other events are sent; a stored bulk is refused as a whole, because it keeps its bytes.
///
/// It checks everything that the server sends to:
///
/// | part of the event | [`only`](Self::only), [`only_matching`](Self::only_matching) | [`redirect_to`](Self::redirect_to) |
/// | --- | --- | --- |
/// | subscribers | must be allowed | replaced |
/// | e-mail address and phone number of a subscriber or the actor, which the server stores and sends to | must be allowed | removed |
/// | topics | refused, unless [`allow_topic`](Self::allow_topic) names them | replaced, unless `allow_topic` names them |
/// | broadcasts | refused, unless [`allow_broadcasts_of`](Self::allow_broadcasts_of) names the workflow | the same |
/// | `email`, `phone` and `webhookUrl` at the payload's top level | must be allowed | removed |
/// | `to`, `cc` and `bcc` of e-mail overrides, `to` of SMS overrides | must be allowed | removed |
/// | headers `To`, `Cc`, `Bcc` and `Resent-*` of e-mail overrides, and other headers that may contain an address or a line break; `custom_data`, which a provider interprets | refused, unless [`allow_overrides_of`](Self::allow_overrides_of) names the channel | removed, unless `allow_overrides_of` names the channel |
/// | overrides of a provider or of `chat`, for example device tokens | refused, unless `allow_overrides_of` names it | removed, unless `allow_overrides_of` names it |
///
/// The id of the actor and the tenant are not checked: the server does not notify them. The guard knows neither the templates of
/// a workflow nor the addresses that the server has stored for a subscriber. Cancelling is always allowed.
///
/// `Debug` shows neither ids nor addresses.
///
/// ```
/// use teleflow::{Client, RecipientGuard};
///
/// let client = Client::builder()
///     .api_key("my-api-key")
///     .recipients(RecipientGuard::only(["ada", "grace", "ada@example.com"]).allow_topic("staff"))
///     .build()?;
/// # Ok::<(), teleflow::Error>(())
/// ```
#[must_use = "a guard does nothing until it is passed to `ClientBuilder::recipients`"]
pub struct RecipientGuard {
    rule: Rule,
    topics: BTreeSet<String>,
    broadcasts: BTreeSet<String>,
    overrides: BTreeSet<String>,
}

enum Rule {
    Only(BTreeSet<String>),
    Matching(Box<dyn Fn(Destination<'_>) -> bool + Send + Sync>),
    Redirect(Subscriber),
}

impl RecipientGuard {
    /// Allows only these subscriber ids and addresses, compared exactly.
    ///
    /// An inline e-mail address or phone number must be in the list too: `only(["ada"])` refuses the subscriber `ada` with a
    /// new e-mail address.
    ///
    /// ```
    /// let guard = teleflow::RecipientGuard::only(["ada", "ada@example.com"]);
    /// ```
    pub fn only<D: Into<String>>(destinations: impl IntoIterator<Item = D>) -> Self {
        Self::new(Rule::Only(destinations.into_iter().map(Into::into).collect()))
    }

    /// Allows only the subscribers and the addresses for which `predicate` returns `true`.
    ///
    /// An address that a provider may take for a list of addresses is refused before `predicate` sees it.
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
    pub fn only_matching(predicate: impl Fn(Destination<'_>) -> bool + Send + Sync + 'static) -> Self {
        Self::new(Rule::Matching(Box::new(predicate)))
    }

    /// Replaces all recipients of each event by this subscriber, and removes all addresses and overrides that the server or a
    /// provider would send to.
    ///
    /// The event keeps its transaction id. Its idempotency key is derived from its own one, so that a stored request can be
    /// sent both with and without the guard. A workflow that requires `email`, `phone` or `webhookUrl` in its payload
    /// refuses a redirected event.
    ///
    /// ```
    /// use teleflow::{RecipientGuard, Subscriber};
    ///
    /// let guard = RecipientGuard::redirect_to(Subscriber::new("qa").email("qa@example.com"));
    /// ```
    pub fn redirect_to(subscriber: impl Into<Subscriber>) -> Self {
        Self::new(Rule::Redirect(subscriber.into()))
    }

    /// Allows the topic with this key, whoever its subscribers are.
    ///
    /// ```
    /// let guard = teleflow::RecipientGuard::only(["ada"]).allow_topic("staff");
    /// ```
    pub fn allow_topic(mut self, key: impl Into<String>) -> Self {
        self.topics.insert(key.into());
        self
    }

    /// Allows broadcasts of the workflow with this trigger identifier: they go to every subscriber of the environment.
    ///
    /// ```
    /// let guard = teleflow::RecipientGuard::only(["ada"]).allow_broadcasts_of("maintenance");
    /// ```
    pub fn allow_broadcasts_of(mut self, trigger: impl Into<String>) -> Self {
        self.broadcasts.insert(trigger.into());
        self
    }

    /// Allows all overrides of this channel or provider, such as `fcm`, **without a check**.
    ///
    /// ```
    /// let guard = teleflow::RecipientGuard::only(["ada"]).allow_overrides_of("fcm");
    /// ```
    pub fn allow_overrides_of(mut self, name: impl Into<String>) -> Self {
        self.overrides.insert(name.into());
        self
    }

    fn new(rule: Rule) -> Self {
        Self { rule, topics: BTreeSet::new(), broadcasts: BTreeSet::new(), overrides: BTreeSet::new() }
    }

    /// # Errors
    ///
    /// If the server would not accept the subscriber of a redirection.
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        self.redirect()
            .map_or(Ok(()), Subscriber::validate)
            .map_err(|invalid| invalid.with_subject("the recipient guard"))
    }

    /// The subscriber that all recipients are replaced by.
    pub(super) fn redirect(&self) -> Option<&Subscriber> {
        match &self.rule {
            Rule::Redirect(subscriber) => Some(subscriber),
            Rule::Only(_) | Rule::Matching(_) => None,
        }
    }

    pub(super) fn allows_subscriber(&self, id: &str) -> bool {
        self.allows(Destination::Subscriber(SubscriberId::trimmed(id)))
    }

    pub(super) fn allows(&self, destination: Destination<'_>) -> bool {
        destination.is_single()
            && match &self.rule {
                Rule::Only(destinations) => destinations.contains(destination.as_str()),
                Rule::Matching(predicate) => predicate(destination),
                Rule::Redirect(_) => false,
            }
    }

    pub(super) fn allows_topic(&self, key: &str) -> bool {
        self.topics.contains(key)
    }

    pub(super) fn allows_broadcasts_of(&self, trigger: &str) -> bool {
        self.broadcasts.contains(trigger)
    }

    pub(super) fn allows_overrides_of(&self, name: &str) -> bool {
        self.overrides.contains(name)
    }

    /// Removes or refuses a part of an event that is not allowed. `problem` says what is wrong with it.
    pub(super) fn reject<'a>(&self, problem: impl fmt::Display) -> Result<Edit<'a>, Invalid> {
        match self.redirect() {
            Some(_) => Ok(Edit::Remove),
            None => Err(Invalid::new(format!("{problem}, which the client's recipient guard does not allow"))),
        }
    }
}

impl fmt::Debug for RecipientGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = match &self.rule {
            Rule::Only(_) => "only",
            Rule::Matching(_) => "only_matching",
            Rule::Redirect(_) => "redirect_to",
        };
        f.debug_struct("RecipientGuard").field("rule", &rule).finish_non_exhaustive()
    }
}
