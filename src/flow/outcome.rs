//! The result of a call: its success or its failure. Bodies stay on the JavaScript side.

use super::plan::PlanStep;
use super::tag::{BodyRef, Tag};
use crate::error::{Error, Failure};
use crate::model::id::FlexibleIpId;

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
    /// Of a wait: the last known state of the flexible IP that ended it.
    pub last: Option<BodyRef>,
    /// Of a move: where each of its flexible IPs is.
    pub moves: Vec<MoveState>,
    /// Of a list that is not whole: the flexible IPs that were read.
    pub read: Vec<BodyRef>,
}

impl From<Failure> for CallFailure {
    fn from(failure: Failure) -> Self {
        Self { failure, exchange: None, last: None, moves: Vec::new(), read: Vec::new() }
    }
}

/// Where a flexible IP of a failed move is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveState {
    /// The flexible IP.
    pub id: FlexibleIpId,
    /// Whether it is on the target.
    pub arrived: bool,
    /// Its last known state.
    pub last: Option<BodyRef>,
    /// Why its move stopped.
    pub error: Option<Error>,
    /// The request whose exchange the error is about.
    pub exchange: Option<Tag>,
}
