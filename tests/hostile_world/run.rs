//! A call in a world: its machine, its exchanges, and what became of it.

use flexip::flow::{BodyRef, CallFailure, Machine, Outcome, Success, Tag};

use super::ask::Ask;
use super::nasty::Plan;
use super::reply::{Content, Reply, Shot};
use super::setup::{CallSpec, Job};
use super::truth::*;

/// A request, and how it ended.
pub(crate) struct Exchange {
    pub(crate) tag: Tag,
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) ask: Ask,
    pub(crate) sent_at: Ms,
    pub(crate) timeout: Ms,
    pub(crate) reads_body: bool,
    pub(crate) plan: Plan,
    pub(crate) reply: Option<Reply>,
    pub(crate) is_live: bool,
    /// When the exchange ended for the client: by a response, a lost connection or the timeout.
    pub(crate) completed_at: Option<Ms>,
    /// What the machine received: the request id, and the status.
    pub(crate) received: Option<(String, u16)>,
}

pub(crate) type CallResult = Result<Success, CallFailure>;

pub(crate) struct Run {
    pub(crate) spec: CallSpec,
    pub(crate) machine: Option<Box<dyn Machine>>,
    pub(crate) began: Ms,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) sleeps: Vec<(usize, Tag)>,
    pub(crate) sleep_numbers: usize,
    pub(crate) is_aborted: bool,
    /// The contents that a result can name.
    pub(crate) retained: Vec<(Tag, Content)>,
    pub(crate) delivered: Vec<Shot>,
    pub(crate) ended: Option<(Ms, CallResult)>,
    /// What the driver itself has seen to be wrong.
    pub(crate) faults: Vec<(&'static str, String)>,
}

/// The number of the call that goes on with a move: it is not one of the world's own.
const FOLLOWERS: usize = 1000;

impl CallSpec {
    /// The call that goes on with a move that ended on its way, in another process.
    pub(crate) fn follower(&self, result: &CallResult) -> Option<Self> {
        let (Job::Ensure { server, direct, .. } | Job::Failover { to: server, direct, .. }) =
            &self.job
        else {
            return None;
        };
        let failure = result.as_ref().err()?;
        if failure.moves.is_empty() || self.number >= FOLLOWERS {
            return None;
        }
        let ids = failure.moves.iter().map(|state| state.id.to_string()).collect();
        let (server, direct) = (server.clone(), *direct);
        let job = Job::Ensure { ids, server, direct, dry: false };
        let (number, total) = (FOLLOWERS + self.number, 120_000);
        Some(Self { number, job, total, abort_after: None, ..self.clone() })
    }
}

impl Run {
    pub(crate) fn new(spec: CallSpec) -> Self {
        Self {
            began: spec.at,
            spec,
            machine: None,
            exchanges: Vec::new(),
            sleeps: Vec::new(),
            sleep_numbers: 0,
            is_aborted: false,
            retained: Vec::new(),
            delivered: Vec::new(),
            ended: None,
            faults: Vec::new(),
        }
    }

    pub(crate) fn fault(&mut self, kind: &'static str, text: String) {
        self.faults.push((kind, text));
    }

    fn shot(&self, place: &BodyRef) -> Option<&Shot> {
        let (_, content) = self.retained.iter().find(|(tag, _)| *tag == place.tag)?;
        match (content, place.item) {
            (Content::Ip(shot), None) => Some(shot),
            (Content::Ips { items, .. }, Some(item)) => items.get(item),
            _ => None,
        }
    }

    /// The content of the response that a success names.
    pub(crate) fn content(&self, tag: Tag) -> Option<&Content> {
        self.retained.iter().find(|(other, _)| *other == tag).map(|(_, content)| content)
    }

    /// The flexible IPs that a success names; none if it names one that no response holds.
    pub(crate) fn named(&self, outcome: &Outcome) -> Option<Vec<&Shot>> {
        match outcome {
            Outcome::Response(tag) => Some(match self.content(*tag)? {
                Content::Ip(shot) => vec![shot],
                Content::Ips { items, .. } => items.iter().collect(),
                Content::Empty => Vec::new(),
                _ => return None,
            }),
            Outcome::Ip(place) => Some(vec![self.shot(place)?]),
            Outcome::Ips(places) => places.iter().map(|place| self.shot(place)).collect(),
            Outcome::Nothing | Outcome::Plan(_) => Some(Vec::new()),
        }
    }
}
