//! The result of a call: its success or its failure. Bodies stay on the JavaScript side.

use super::plan::PlanStep;
use super::tag::{BodyRef, Tag};
use crate::error::Failure;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::zone::Zone;

/// A call that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Success {
    /// What the caller receives.
    pub outcome: Outcome,
    /// The number of attempts of the operation's own request, or the number of polls.
    pub attempts: u32,
}

/// What the caller of a successful call receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The response to this request.
    Response(Tag),
    /// This flexible IP.
    Ip(BodyRef),
    /// These flexible IPs.
    Ips(Vec<BodyRef>),
    /// Nothing: what should be gone is gone.
    Nothing,
    /// The steps that a move would take.
    Plan(Vec<PlanStep>),
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFailure {
    /// What failed, and in which request.
    pub failure: Failure,
    /// The request whose exchange the error is about.
    pub exchange: Option<Tag>,
    /// Of a wait: the last poll that failed. It is what `exchange` is about.
    pub cause: Option<Box<Failure>>,
    /// Of a wait: the last known state of the flexible IP that ended it.
    pub last: Option<BodyRef>,
    /// Of a move: where each of its flexible IPs is.
    pub moves: Vec<MoveState>,
    /// Of a move: the request that continues it.
    pub resume: Option<Resume>,
    /// Of a list that is not whole: the flexible IPs that were read.
    pub read: Vec<BodyRef>,
}

/// The request of `ensureAttached` that continues a move, in any process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The zone.
    pub zone: Zone,
    /// The flexible IPs that have not arrived.
    pub ids: Vec<FlexibleIpId>,
    /// The server that they go to.
    pub server: ServerId,
    /// Whether the strategy is `direct`.
    pub is_direct: bool,
    /// Whether what the target refuses stays on no server.
    pub stays: bool,
}

impl From<Failure> for CallFailure {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            exchange: None,
            cause: None,
            last: None,
            moves: Vec::new(),
            resume: None,
            read: Vec::new(),
        }
    }
}

/// Where a flexible IP of a failed move is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveState {
    /// The flexible IP.
    pub id: FlexibleIpId,
    /// Whether it is on the target.
    pub arrived: bool,
    /// Whether it was attached back to the server that it came from, because the target refused it.
    pub returned: bool,
    /// Its last known state.
    pub last: Option<BodyRef>,
    /// Why its move stopped.
    pub failure: Option<Failure>,
    /// The request whose exchange the failure is about.
    pub exchange: Option<Tag>,
    /// Of a wait: the last failure before its end, of a step or a poll. It is what `exchange` is about then.
    pub cause: Option<Box<Failure>>,
}
