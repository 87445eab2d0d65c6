//! `Client::cancel`.

use super::handle::Client;
use super::sending::Sending;
use crate::error::{Error, ErrorContext};
use crate::id::TransactionId;
use crate::receipt::Cancellation;
use crate::request::Request;

impl Client {
    /// Cancels an event that the server has not yet processed completely.
    ///
    /// The server can cancel an event only after its worker has reached a delay or digest step of the workflow. For an
    /// event that is still in the queue the result is [`Cancellation::NothingPending`], and the event **will be sent**.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the id is blank, otherwise those of any request.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, receipt: teleflow::Receipt, stored_id: String) -> teleflow::Result<()> {
    /// let cancellation = client.cancel(receipt.transaction_id()).await?;
    /// // With an id from a database:
    /// let cancellation = client.cancel(&teleflow::TransactionId::from(stored_id)).await?;
    /// # Ok(()) }
    /// ```
    // Source: `cancel-delayed.usecase.ts`.
    pub fn cancel(&self, transaction_id: &TransactionId) -> Sending<Cancellation> {
        match Request::cancel(transaction_id) {
            Ok(request) => self.send_one(request, |receipt| receipt.cancellation().unwrap_or(Cancellation::Unknown)),
            Err(error) => {
                let context = ErrorContext { transaction_id: Some(transaction_id.clone()), ..ErrorContext::default() };
                Sending::failed(Error::invalid(error).with_context(context), transaction_id.clone())
            }
        }
    }
}
