//! `Receipt` and `Cancellation`: the results of requests that succeed.

use crate::id::TransactionId;
use crate::status::Status;

/// The server's confirmation that it queued an event.
///
/// *Queued* is not *delivered*: the server's worker processes the event later. It does not report to the sender when it
///
/// * drops an event whose transaction id was used before in the same environment;
/// * drops a topic that does not exist;
/// * drops a recipient whose e-mail address or locale it does not accept, even if the workflow uses neither. The rules
///   depend on the server's version of `validator.js`: they exclude `ada@example.c` and, in older versions, the locales
///   `english` and `de-DE-1996`.
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

    /// The receipt of a request that cancels.
    pub(crate) fn of_cancellation(id: &TransactionId, cancellation: Cancellation, http_status: u16) -> Self {
        let status = Status::Other(String::from(match cancellation {
            Cancellation::Cancelled => "cancelled",
            Cancellation::NothingPending => "nothing_pending",
            Cancellation::Unknown => "unknown",
        }));
        Self { cancellation: Some(cancellation), ..Self::new(id.clone(), status, http_status) }
    }

    /// Sets what depends on more than the last response.
    pub(crate) fn with_attempts(mut self, attempts: u32, replayed: bool, cancellation: Option<Cancellation>) -> Self {
        self.attempts = attempts;
        self.replayed = replayed;
        self.cancellation = cancellation;
        self
    }

    /// The transaction id of the event, for [`Client::cancel`](crate::Client::cancel) and for logs.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    /// The status in the response. It is [`Status::Processed`] for every queued event.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The result of a stored request that cancels, sent with [`Client::send`](crate::Client::send).
    ///
    /// Nothing was queued then, and [`status`](Self::status) does not come from the server. `None` for any other request.
    #[must_use]
    pub fn cancellation(&self) -> Option<Cancellation> {
        self.cancellation
    }

    /// The HTTP status of the response, usually 201.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// How many times the request was sent, at least 1.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether the response came from the server's idempotency cache (`Idempotency-Replay: true`): an earlier attempt
    /// queued the event, and this one queued nothing more.
    #[must_use]
    pub fn replayed(&self) -> bool {
        self.replayed
    }
}

/// The result of a request to cancel an event.
///
/// ```no_run
/// # async fn f(client: teleflow::Client, id: teleflow::TransactionId) -> teleflow::Result<()> {
/// use teleflow::Cancellation;
///
/// match client.cancel(&id).await? {
///     Cancellation::Cancelled => println!("cancelled"),
///     Cancellation::NothingPending => println!("already sent, or still in the queue"),
///     Cancellation::Unknown => println!("an earlier attempt may have cancelled it"),
///     _ => {}
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use = "only `Cancelled` means that the event will not be sent"]
pub enum Cancellation {
    /// The server cancelled the event, which was in a delay or a digest step.
    Cancelled,
    /// The server found nothing to cancel under this id: it does not know the id, everything has been sent, or **the event
    /// is still in the queue and will be sent**. An event can be cancelled only after the worker has reached a delay or a
    /// digest step.
    // Source: `cancel-delayed.usecase.ts`.
    NothingPending,
    /// The server finds nothing to cancel *now*, but an earlier attempt had no response and may have cancelled the event.
    Unknown,
}
