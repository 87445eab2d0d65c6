//! From a request to what reaches its sender: the answer, or what a fault leaves of it.

use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use tokio::runtime::Handle;

use crate::emulator::Emulator;
use crate::faults::fault::{Fault, Seen};

/// What reaches the sender of a request.
#[derive(Debug)]
pub(crate) enum Delivery {
    Whole(Response<Bytes>),
    /// The connection breaks in the midst of the body.
    Half(Response<Bytes>),
    /// The head stands, and the body is huge.
    Huge(Response<Bytes>),
    /// No connection.
    Refused,
    /// The connection is closed without an answer.
    Closed,
}

const GARBAGE: &[u8] = b"\x00\xff<html>{\"data\":{\"acknowledged\":tru";

impl Emulator {
    /// Answers a request, unless something goes wrong with it. `body` is awaited only if the request is read at all.
    pub(crate) async fn deliver(&self, head: Parts, body: impl Future<Output = Bytes>) -> Delivery {
        if self.is_admin_request(&head) {
            return Delivery::Whole(self.answer(Request::from_parts(head, body.await)).await);
        }
        if self.faults().is_refusing() {
            return Delivery::Refused;
        }
        let fault = match self.faults().choose(&Seen::new(&head)) {
            Some(Fault::CloseBefore) => return Delivery::Closed,
            Some(Fault::Refuse(time)) => {
                self.faults().refuse(time);
                return Delivery::Refused;
            }
            fault => fault,
        };
        let request = Request::from_parts(head, body.await);
        match fault {
            None | Some(Fault::CloseBefore | Fault::Refuse(_)) => Delivery::Whole(self.answer(request).await),
            Some(Fault::Reply(reply)) => Delivery::Whole(reply.response()),
            Some(Fault::ReplyAfter(reply)) => {
                self.answer(request).await;
                Delivery::Whole(reply.response())
            }
            Some(Fault::DelayBefore(time)) => self.answer_later(request, time).await,
            Some(Fault::DelayAfter(time)) => {
                let response = self.answer(request).await;
                tokio::time::sleep(time).await;
                Delivery::Whole(response)
            }
            Some(Fault::CloseAfter) => {
                self.answer(request).await;
                Delivery::Closed
            }
            Some(Fault::HalfBody) => Delivery::Half(self.answer(request).await),
            Some(Fault::HugeBody) => Delivery::Huge(self.answer(request).await),
            Some(Fault::Garbage) => Delivery::Whole(self.answer(request).await.map(|_| Bytes::from_static(GARBAGE))),
        }
    }

    /// Acts on the request once the time is over, whether or not somebody still waits for the answer.
    async fn answer_later(&self, request: Request<Bytes>, time: Duration) -> Delivery {
        let emulator = self.clone();
        let answered = async move {
            tokio::time::sleep(time).await;
            emulator.answer(request).await
        };
        match Handle::try_current() {
            Ok(runtime) => runtime.spawn(answered).await.map_or(Delivery::Closed, Delivery::Whole),
            Err(_) => Delivery::Whole(answered.await),
        }
    }
}
