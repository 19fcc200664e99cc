//! What a move reads before it changes anything: the flexible IPs of the zone, and whether the target
//! exists.
//!
//! Both are asked at the same time, so that the second costs no time. Its response is not needed if
//! the zone shows a flexible IP on the target, and is not awaited for long if it does not.

use super::inventory::Inventory;
use super::refusal::PERMISSIONS_SETTLE;
use super::request::Relocation;
use super::target::{Target, question};
use crate::error::Error;
use crate::error::kind::Kind;
use crate::flow::command::Command;
use crate::flow::event::Event;
use crate::flow::pages::Pages;
use crate::flow::reads::list_of_zone;
use crate::flow::requests::Requests;
use crate::flow::response::Response;
use crate::flow::tag::Tag;
use crate::model::id::ServerId;
use crate::model::time::Millis;

/// The tag of the question whether the target exists, and of the sleep that ends the wait for its
/// response.
const QUESTION: Tag = 1;
pub(super) const PATIENCE: Tag = 2;
/// The tag of the first page of the zone; the tags of the other pages follow it.
const FIRST_PAGE: Tag = 10;
/// The first tag that is not a page's.
const END_OF_PAGES: Tag = 100_000;

const PAGES_AT_ONCE: usize = 4;

/// How long the response to the question is awaited after the zone is read.
pub(super) const PATIENCE_TIME: Millis = Millis(1_000);
/// The interval before a page is read again that was refused after others were read.
const REFUSAL_INTERVAL: Millis = Millis(1_000);

pub(super) struct Preparation {
    pages: Pages,
    pub(super) inventory: Inventory,
    target_id: ServerId,
    pub(super) target: Target,
    is_zone_read: bool,
    has_read_a_page: bool,
    refused_since: Option<Millis>,
    began_at: Millis,
    pub(super) is_over: bool,
}

impl Preparation {
    pub(super) fn new(relocation: &Relocation) -> Self {
        Self {
            pages: Pages::new(list_of_zone(&relocation.zone), PAGES_AT_ONCE, FIRST_PAGE),
            inventory: Inventory::default(),
            target_id: relocation.target,
            target: Target::Asked,
            is_zone_read: false,
            has_read_a_page: false,
            refused_since: None,
            began_at: Millis(0),
            is_over: false,
        }
    }

    pub(super) fn begin(
        &mut self,
        relocation: &Relocation,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        self.began_at = now;
        self.pages.send_next(requests, now, commands);
        let question = question(&relocation.zone, relocation.target);
        commands.push(requests.send(QUESTION, question, now));
    }

    /// Whether this request belongs to the preparation.
    pub(super) const fn is_own(tag: Tag) -> bool {
        tag < END_OF_PAGES
    }

    /// Takes the end of a request. Fails if the zone cannot be read.
    pub(super) fn on_response(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<(), Error> {
        if tag == QUESTION {
            self.target = Target::of(&outcome, self.target_id);
        } else {
            match outcome.and_then(|response| self.pages.on_response(tag, response)) {
                Ok(page) => {
                    self.inventory.add(tag, page.ips);
                    self.has_read_a_page = true;
                    self.refused_since = None;
                    self.is_zone_read = self.pages.send_next(requests, now, commands);
                    if let Some(error) = self.pages.incompleteness().filter(|_| self.is_zone_read) {
                        return Err(error);
                    }
                }
                Err(error) => self.on_failed_page(tag, error, requests, now, commands)?,
            }
        }
        if self.is_zone_read {
            self.on_zone_read(requests, now, commands);
        }
        Ok(())
    }

    /// What a late response to the question says, if this is one.
    pub(super) fn late_target(
        &self,
        tag: Tag,
        outcome: &Result<Response, Error>,
    ) -> Option<Target> {
        (tag == QUESTION).then(|| Target::of(outcome, self.target_id))
    }

    /// The response to the question has not come in time.
    pub(super) const fn on_end_of_patience(&mut self) {
        self.target = Target::Unknown;
        self.is_over = true;
    }

    fn on_zone_read(&mut self, requests: &Requests, now: Millis, commands: &mut Vec<Command>) {
        if self.target == Target::Asked && self.inventory.holds_any(self.target_id) {
            self.target = Target::Exists;
            commands.push(Command::Cancel { tag: QUESTION });
        }
        self.is_over = self.target != Target::Asked;
        let length = PATIENCE_TIME.min(requests.time_left(now));
        commands.push(match self.is_over {
            true => Command::Cancel { tag: PATIENCE },
            false => Command::Sleep { tag: PATIENCE, length },
        });
    }

    /// Reads a page again that was refused for lack of permissions after others were read:
    /// permissions that the credentials have can be refused for a while.
    fn on_failed_page(
        &mut self,
        tag: Tag,
        error: Error,
        requests: &Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<(), Error> {
        let is_denied = matches!(&error, Error::Refused(refused) if matches!(refused.kind, Kind::PermissionsDenied | Kind::Unexpected));
        let since = *self.refused_since.get_or_insert(now);
        let refused_for = Millis(now.0.saturating_sub(since.0));
        let is_in_time =
            refused_for < PERMISSIONS_SETTLE && REFUSAL_INTERVAL < requests.time_left(now);
        if !(is_denied && is_in_time && self.has_read_a_page) {
            return Err(error);
        }
        let elapsed = Millis(now.0.saturating_sub(self.began_at.0));
        commands.push(Command::Emit(Event::PollFailed { error, elapsed }));
        // The end of the sleep sends the request again.
        commands.push(Command::Sleep { tag, length: REFUSAL_INTERVAL });
        Ok(())
    }

    /// Drops the pages that are not among these.
    pub(super) fn drop_pages(
        &self,
        needed: &[Tag],
        requests: &mut Requests,
        commands: &mut Vec<Command>,
    ) {
        let mut tag = FIRST_PAGE;
        while requests.request(tag).is_some() {
            if !needed.contains(&tag) {
                requests.forget(tag);
                commands.push(Command::Cancel { tag });
            }
            tag = tag.saturating_add(1);
        }
    }
}
