//! Injects faults: decides what the sender of a request receives.

use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use tokio::runtime::Handle;

use crate::emulator::Emulator;
use crate::faults::fault::{Fault, RequestInfo};

/// The result of a request for its sender.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// The response.
    Whole(Response<Bytes>),
    /// The response, of which the connection breaks halfway through the body.
    Half(Response<Bytes>),
    /// The response with a huge body in place of its own.
    Huge(Response<Bytes>),
    /// The connection is refused.
    Refused,
    /// The connection is closed without a response.
    Closed,
}

const GARBAGE: &[u8] = b"\x00\xff<html>{\"data\":{\"acknowledged\":tru";

impl Emulator {
    /// Answers a request, and applies the fault that was chosen for it. `body` is awaited only if the request is read.
    pub(crate) async fn deliver(&self, head: Parts, body: impl Future<Output = Bytes>) -> Delivery {
        if self.is_admin_request(&head) {
            return Delivery::Whole(self.answer(Request::from_parts(head, body.await)).await);
        }
        if self.faults().is_refusing() {
            return Delivery::Refused;
        }
        let fault = match self.faults().choose(&RequestInfo::new(&head)) {
            Some(Fault::CloseBefore) => return Delivery::Closed,
            Some(Fault::RefuseConnections(time)) => {
                self.faults().refuse_connections(time);
                return Delivery::Refused;
            }
            fault => fault,
        };
        let request = Request::from_parts(head, body.await);
        match fault {
            None | Some(Fault::CloseBefore | Fault::RefuseConnections(_)) => {
                Delivery::Whole(self.answer(request).await)
            }
            Some(Fault::Reply(reply)) => Delivery::Whole(reply.response()),
            Some(Fault::ReplyAfter(reply)) => {
                self.answer(request).await;
                Delivery::Whole(reply.response())
            }
            Some(Fault::DelayBefore(time)) => self.answer_after(request, time).await,
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
            Some(Fault::GarbageBody) => {
                Delivery::Whole(self.answer(request).await.map(|_| Bytes::from_static(GARBAGE)))
            }
        }
    }

    /// Answers the request after a delay, even if the sender has given up by then.
    async fn answer_after(&self, request: Request<Bytes>, time: Duration) -> Delivery {
        let emulator = self.clone();
        let response = async move {
            tokio::time::sleep(time).await;
            emulator.answer(request).await
        };
        match Handle::try_current() {
            Ok(runtime) => runtime.spawn(response).await.map_or(Delivery::Closed, Delivery::Whole),
            Err(_) => Delivery::Whole(response.await),
        }
    }
}
