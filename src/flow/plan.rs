//! The steps of a move, and their progress.

use crate::model::id::{FlexibleIpId, ServerId};
use crate::wire::route::Operation;

/// One attach or detach of a MAC group, or of a flexible IP without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStep {
    /// Attach or detach.
    pub operation: Operation,
    /// The flexible IPs of the group.
    pub ids: Vec<FlexibleIpId>,
    /// The source of a detach, the target of an attach.
    pub server: Option<ServerId>,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Its request is sent.
    Begun,
    /// A poll has shown its effect.
    Done,
    /// Its request failed, and is not repeated.
    Failed,
}
