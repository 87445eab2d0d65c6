//! A source that is not always ready.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use tokio::time::{Instant, Sleep};

use super::server::{Numbered, numbered};

/// A source that has an event ready at each of these times.
pub struct Timed {
    times: VecDeque<(Instant, usize)>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Timed {
    pub fn new(milliseconds: impl IntoIterator<Item = u64>) -> Self {
        let time = |millis| Instant::now() + Duration::from_millis(millis);
        let times = milliseconds.into_iter().enumerate().map(|(n, millis)| (time(millis), n)).collect();
        Self { times, sleep: None }
    }
}

impl Stream for Timed {
    type Item = Numbered;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Numbered>> {
        let Some((time, number)) = self.times.front().copied() else { return Poll::Ready(None) };
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(time)));
        std::task::ready!(sleep.as_mut().poll(context));
        self.sleep = None;
        self.times.pop_front();
        Poll::Ready(Some(numbered(number)))
    }
}
