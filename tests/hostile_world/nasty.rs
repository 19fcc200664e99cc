//! What goes wrong with an exchange. The limits of all nastiness:
//!
//! - Each thing that a response shows was true at some moment between the request and the response, but
//!   for foreign pages, which are not the API's. A list may show each flexible IP at another moment. A
//!   total may lie only so that the items read contradict it: it is larger than all there is, or smaller
//!   than the page that it comes with.
//! - Late work has landed, with all its transitions, within the settling time of its operation, counted
//!   from the completion of its exchange: the response, the lost connection, or the client's timeout.
//! - Work happens after a 500, 502, 504, a lost connection or a truncated response; never after a 429,
//!   a 503, a typed refusal, or a request that was not sent.
//! - Refusals by a flap of permissions come within two minutes.

use super::ask::{Ask, What};
use super::chance::Chance;
use super::reply::{Content, Reply};
use super::truth::Ms;

macro_rules! kinds {
    ($($(#[$about:meta])* $name:ident),+ $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Kind { $($(#[$about])* $name),+ }

        /// All kinds of nastiness.
        pub(crate) const KINDS: &[Kind] = &[$(Kind::$name),+];
    };
}

kinds! {
    /// The service takes seconds, also longer than the client waits.
    Slow,
    /// The work is done after the response, or after the connection was lost.
    LateWork,
    /// The work is done, and the response says 500, 502 or 504.
    ErrorDone,
    /// The work is not done, and the response is the same.
    ErrorUndone,
    /// The connection is lost, and nothing is done.
    LostBefore,
    /// The work is done, and the connection is lost.
    LostAfter,
    /// No response ever comes.
    Silent,
    /// Only the beginning of the response comes.
    Truncated,
    /// A bare 429, with a `Retry-After` of any form.
    Throttled,
    /// The request was not sent: the connection is refused.
    Unsent,
    /// A typed 403 in a time of two minutes at most.
    Flap,
    /// Each flexible IP of a list is shown at another moment.
    Torn,
    /// The first page again in place of a later one.
    RepeatedPage,
    /// A `total_count` that does not fit the items.
    LyingTotal,
    /// A page of a portal, a firewall or a gateway.
    ForeignPage,
    /// The filter by tags is ignored.
    IgnoredFilter,
    /// Another process changes our flexible IPs.
    Colleague,
    /// Other tenants buy addresses that we delete, and give them back.
    PoolReuse,
    /// Servers are removed.
    ServerRemoved,
    /// Transitions end in `error` or `locked`.
    Stuck,
    /// A status that the API's description does not have.
    UnknownWord,
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinds(pub(crate) u32);

impl Kinds {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALL: Self = Self((1 << KINDS.len()) - 1);

    pub(crate) const fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u32) != 0
    }

    pub(crate) const fn without(self, kind: Kind) -> Self {
        Self(self.0 & !(1 << kind as u32))
    }

    pub(crate) fn names(self) -> Vec<Kind> {
        KINDS.iter().copied().filter(|kind| self.has(*kind)).collect()
    }
}

/// What the client receives.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// The response of the service.
    Served,
    /// This response in its place.
    Instead(Reply),
    /// Nothing: the connection is lost.
    Lost,
    /// Nothing: the request was not sent.
    Unsent,
    /// The beginning of the response of the service.
    Cut,
}

/// What happens with one exchange.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) kind: Option<Kind>,
    /// When the work is done, if it is.
    pub(crate) work_at: Option<Ms>,
    /// When the response comes, if one comes.
    pub(crate) answer_at: Option<Ms>,
    pub(crate) form: Form,
    /// When all of the work has landed.
    pub(crate) latest: Ms,
}

const READ_KINDS: &[Kind] = &[
    Kind::Slow,
    Kind::ErrorUndone,
    Kind::LostBefore,
    Kind::Silent,
    Kind::Truncated,
    Kind::Throttled,
    Kind::Unsent,
    Kind::Torn,
    Kind::Torn,
    Kind::RepeatedPage,
    Kind::LyingTotal,
    Kind::ForeignPage,
    Kind::ForeignPage,
    Kind::IgnoredFilter,
];

const CHANGE_KINDS: &[Kind] = &[
    Kind::Slow,
    Kind::LateWork,
    Kind::LateWork,
    Kind::LateWork,
    Kind::ErrorDone,
    Kind::ErrorUndone,
    Kind::LostBefore,
    Kind::LostAfter,
    Kind::Silent,
    Kind::Truncated,
    Kind::Throttled,
    Kind::Unsent,
    Kind::ForeignPage,
];

/// The nastiness of a world.
#[derive(Clone, Debug)]
pub(crate) struct Nastiness {
    pub(crate) kinds: Kinds,
    /// How many of a hundred exchanges it hits.
    pub(crate) rate: u64,
    /// When permissions flap.
    pub(crate) flap: (Ms, Ms),
}

/// The request of a plan, and when it is sent.
pub(crate) struct Sending<'a> {
    pub(crate) ask: &'a Ask,
    pub(crate) now: Ms,
    pub(crate) timeout: Ms,
}

impl Nastiness {
    pub(crate) fn plan(&self, sending: &Sending<'_>, chance: &mut Chance) -> Plan {
        let Sending { ask, now, timeout } = *sending;
        let way = if matches!(ask.what, What::Create { .. }) { (80, 350) } else { (10, 65) };
        let work = now + chance.between(way.0, way.1);
        let answer = work + chance.between(way.0, way.1);
        let settling = ask.settling();
        let mut plan = Plan {
            kind: None,
            work_at: Some(work),
            answer_at: Some(answer),
            form: Form::Served,
            latest: answer.min(now + timeout) + settling * 19 / 20,
        };
        let (is_hit, flaps) = (chance.percent(self.rate), chance.percent(60));
        let all = if ask.is_read() { READ_KINDS } else { CHANGE_KINDS };
        let drawn = chance.pick(all).unwrap_or(Kind::Slow);
        if self.kinds.has(Kind::Flap) && (self.flap.0..self.flap.1).contains(&work) && flaps {
            plan.kind = Some(Kind::Flap);
            plan.work_at = None;
            let action = if ask.is_read() { "read" } else { "write" };
            plan.form = Form::Instead(Reply::denied(action));
            return plan;
        }
        if is_hit && self.kinds.has(drawn) {
            plan.spoil(drawn, sending, chance);
        }
        plan
    }
}

impl Plan {
    fn spoil(&mut self, kind: Kind, sending: &Sending<'_>, chance: &mut Chance) {
        let Sending { ask, now, timeout } = *sending;
        self.kind = Some(kind);
        let timed_out = now + timeout;
        match kind {
            Kind::Slow | Kind::Torn => {
                let longest = if kind == Kind::Torn { 3000 } else { 9000 };
                let work = now + chance.between(100, longest);
                self.work_at = Some(work);
                self.answer_at = Some(work + chance.between(50, longest));
            }
            Kind::LateWork => {
                // Some come early, as late work mostly does; some use all the time that they have.
                let answer = [None, self.answer_at][chance.below(2) as usize];
                let completed = answer.unwrap_or(timed_out).min(timed_out);
                let share = if chance.percent(50) { 20 } else { 190 };
                let late = 1 + chance.below(ask.settling() * share / 200);
                self.work_at = Some(completed + late);
                self.answer_at = answer;
                self.form = if chance.percent(50) { Form::Lost } else { failed(chance) };
            }
            Kind::ErrorDone => self.form = failed(chance),
            Kind::ErrorUndone => {
                self.work_at = None;
                self.form = if chance.percent(30) { unreached() } else { failed(chance) };
            }
            Kind::LostBefore => (self.work_at, self.form) = (None, Form::Lost),
            Kind::LostAfter => self.form = Form::Lost,
            Kind::Silent => {
                self.answer_at = None;
                if chance.percent(50) {
                    self.work_at = None;
                }
            }
            Kind::Truncated => self.form = Form::Cut,
            Kind::Throttled => {
                self.work_at = None;
                let forms = [
                    None,
                    None,
                    Some("1"),
                    Some("120"),
                    Some("0"),
                    Some("-5"),
                    Some("soon"),
                    Some("999999999"),
                    Some("1.5"),
                ];
                let mut reply = Reply::new(429, Content::Empty);
                reply.retry_after = chance.pick(&forms).flatten();
                self.form = Form::Instead(reply);
            }
            Kind::Unsent => {
                (self.work_at, self.form) = (None, Form::Unsent);
                self.answer_at = Some(now + chance.below(30));
            }
            Kind::ForeignPage => {
                // A portal lets nothing through; a gateway may have let the request through.
                if chance.percent(60) {
                    self.work_at = None;
                }
                self.form = Form::Instead(foreign(chance));
            }
            _ => {}
        }
        let completed = self.answer_at.unwrap_or(timed_out).min(timed_out);
        self.latest = completed + ask.settling() * 19 / 20;
        // Slow work lands no later than late work.
        if kind == Kind::Slow && !ask.is_read() {
            self.work_at = self.work_at.map(|work| work.min(self.latest));
        }
    }
}

fn failed(chance: &mut Chance) -> Form {
    Form::Instead(match chance.below(3) {
        0 => Reply::internal(),
        1 => Reply::new(502, Content::Text("<html><h1>502 Bad Gateway</h1></html>")),
        _ => Reply::new(504, Content::Text("upstream request timeout")),
    })
}

fn unreached() -> Form {
    let text = "upstream connect error or disconnect/reset before headers. reset reason: connection failure";
    Form::Instead(Reply::new(503, Content::Text(text)))
}

fn foreign(chance: &mut Chance) -> Reply {
    const LOGIN: &str = "<html>Hotel Wi-Fi: sign in</html>";
    match chance.below(10) {
        0..=2 => Reply::new(200, Content::Text(LOGIN)),
        3 => Reply::new(200, Content::Foreign("{}")),
        4 => Reply::new(200, Content::Foreign(r#"{"status":"ok","id":1}"#)),
        5 => Reply::new(403, Content::Text("<html>Blocked by policy</html>")),
        6 => Reply::new(403, Content::Foreign(r#"{"message":"Forbidden"}"#)),
        7 => Reply::new(404, Content::Text("<html>404 Not Found</html>")),
        8 => Reply::new(404, Content::Foreign(r#"{"error":"no such route"}"#)),
        _ => Reply::new(302, Content::Text("<html>Moved</html>")),
    }
}
