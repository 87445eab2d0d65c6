//! What the server says of an event that it took, or of a cancellation.

use crate::id::TransactionId;
use crate::status::Status;

/// The server's word that it queued one event.
///
/// It says *queued*, not *delivered*: what happens afterwards in the server's worker is not in it. The
/// worker says nothing to the sender where it
///
/// * drops an event whose transaction id was used before in the same environment;
/// * drops a topic that it does not know;
/// * drops a recipient whose e-mail address or locale it does not accept, also where the workflow needs
///   neither. Its rules depend on the version of `validator.js` that it uses: `ada@example.c` and, in older
///   versions, the locales `english` and `de-DE-1996` are such values.
///
/// The other recipients of the event are notified anyway.
///
/// ```no_run
/// # async fn f(client: teleflow::Client) -> teleflow::Result<()> {
/// use teleflow::Event;
///
/// let receipt = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await?;
/// println!("queued as {}", receipt.transaction_id());
/// # Ok(()) }
/// ```
// Source: trigger-event.usecase.ts, trigger-multicast.usecase.ts, create-subscriber.command.ts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    transaction_id: TransactionId,
    status: Status,
    http_status: u16,
    attempts: u32,
    replayed: bool,
    cancellation: Option<Cancellation>,
}

impl Receipt {
    pub(crate) fn new(transaction_id: TransactionId, status: Status, http_status: u16) -> Self {
        Self { transaction_id, status, http_status, attempts: 1, replayed: false, cancellation: None }
    }

    /// Of a stored request that cancels.
    pub(crate) fn of_cancellation(id: &TransactionId, cancellation: Cancellation, http_status: u16) -> Self {
        let status = Status::Other(String::from(match cancellation {
            Cancellation::Cancelled => "cancelled",
            Cancellation::NothingPending => "nothing_pending",
            Cancellation::Unknown => "unknown",
        }));
        Self { cancellation: Some(cancellation), ..Self::new(id.clone(), status, http_status) }
    }

    /// Adds what the sending saw: how many attempts it took, and whether the answer was a replay.
    pub(crate) fn seen(mut self, attempts: u32, replayed: bool, cancellation: Option<Cancellation>) -> Self {
        self.attempts = attempts;
        self.replayed = replayed;
        self.cancellation = cancellation;
        self
    }

    /// The id under which the server knows the event: for [`Client::cancel`](crate::Client::cancel), and for logs.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    /// The status in the answer: of a queued event always [`Status::Processed`].
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// What became of a request to cancel, if a stored one was sent with [`Client::send`](crate::Client::send).
    ///
    /// Then nothing was queued, and [`status`](Self::status) is not from the server. `None` for any other request.
    #[must_use]
    pub fn cancellation(&self) -> Option<Cancellation> {
        self.cancellation
    }

    /// The HTTP status of the answer, 201 as a rule.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// How many times the request was sent, 1 at least.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether the answer came from the server's idempotency cache (`Idempotency-Replay: true`):
    /// an earlier attempt had been queued, and this one queued nothing more.
    #[must_use]
    pub fn replayed(&self) -> bool {
        self.replayed
    }
}

/// What became of a request to cancel an event.
///
/// ```no_run
/// # async fn f(client: teleflow::Client, id: teleflow::TransactionId) -> teleflow::Result<()> {
/// use teleflow::Cancellation;
///
/// match client.cancel(&id).await? {
///     Cancellation::Cancelled => println!("nothing more goes out"),
///     Cancellation::NothingPending => println!("sent already, or not yet taken from the queue"),
///     Cancellation::Unknown => println!("an earlier attempt may have cancelled it"),
///     _ => {}
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use = "the event may still be sent: only `Cancelled` says that it was cancelled"]
pub enum Cancellation {
    /// The server took back what it held for a later time (a delay or a digest step).
    Cancelled,
    /// The server held nothing under this id: it never knew it, everything has gone out, or **the
    /// event still stands in its queue and will go out**: an event can be cancelled only once the
    /// worker has reached a delay or digest step. (`cancel-delayed.usecase.ts`.)
    NothingPending,
    /// The server holds nothing *now*, but an earlier attempt went unanswered and may have been the
    /// one that cancelled.
    Unknown,
}
