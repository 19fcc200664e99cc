//! Lists as streams. A page is read only when it is asked for.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::calls::{Begun, Calls, Changes, page_of};
use super::driver::Progress;
use super::error::Error;
use super::requests::ListFlexibleIpsRequest;
use super::results::{FlexibleIp, Page};
use crate::flow::Input;

/// The pages of a list, one after another: see [`Client::pages`](super::Client::pages).
pub struct Pages {
    calls: Calls,
    state: State,
    /// The changes of the client when the last page was asked for.
    changes: Changes,
}

enum State {
    /// Nothing was asked for yet.
    New(ListFlexibleIpsRequest),
    Walking {
        begun: Box<Begun>,
        is_requested: bool,
    },
    Over,
}

impl Pages {
    pub(super) fn new(calls: Calls, request: &ListFlexibleIpsRequest) -> Self {
        let changes = calls.changes();
        Self { calls, state: State::New(request.clone()), changes }
    }

    /// The next page; `None` after the last one. The same as of the stream.
    pub async fn next(&mut self) -> Option<Result<Page, Error>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page, Error>>> {
        if let State::New(request) = &self.state {
            match self.calls.begin("listFlexibleIPs", "pages", request) {
                Ok(begun) => {
                    self.changes = self.calls.changes();
                    self.state = State::Walking { begun: Box::new(begun), is_requested: false };
                }
                Err(error) => {
                    self.state = State::Over;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        let State::Walking { begun, is_requested } = &mut self.state else {
            return Poll::Ready(None);
        };
        if !*is_requested {
            *is_requested = true;
            let before = std::mem::replace(&mut self.changes, self.calls.changes());
            if self.changes.of_lists != before.of_lists {
                begun.driver.pass(Input::ListChanged);
            }
            if self.changes.of_ips != before.of_ips {
                begun.driver.pass(Input::IpsChanged);
            }
            begun.driver.pass(Input::PageRequested);
        }
        let page = match ready!(begun.driver.poll(context)) {
            Progress::Page(total, ips) => {
                *is_requested = false;
                Some(self.calls.decoded(begun.name, None, 1, page_of(total, ips)))
            }
            Progress::Done(Ok(_)) => None,
            Progress::Done(Err(error)) => Some(Err(error)),
        };
        if !matches!(page, Some(Ok(_))) {
            self.state = State::Over;
        }
        Poll::Ready(page)
    }
}

impl Stream for Pages {
    type Item = Result<Page, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

/// The flexible IPs of all pages of a list: see [`Client::flexible_ips`](super::Client::flexible_ips).
pub struct FlexibleIps {
    pages: Pages,
    /// Those of the last page that were not given yet.
    rest: VecDeque<FlexibleIp>,
}

impl FlexibleIps {
    pub(super) const fn new(pages: Pages) -> Self {
        Self { pages, rest: VecDeque::new() }
    }

    /// The next flexible IP; `None` after the last one. The same as of the stream.
    pub async fn next(&mut self) -> Option<Result<FlexibleIp, Error>> {
        poll_fn(|context| self.poll_ip(context)).await
    }

    fn poll_ip(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<FlexibleIp, Error>>> {
        loop {
            if let Some(ip) = self.rest.pop_front() {
                return Poll::Ready(Some(Ok(ip)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => self.rest = page.flexible_ips.into(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl Stream for FlexibleIps {
    type Item = Result<FlexibleIp, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_ip(context)
    }
}
