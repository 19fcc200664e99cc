//! The client's values for arguments that a request leaves out.

use crate::model::id::{OrganizationId, ProjectId};
use crate::model::zone::Zone;

/// The client's values for arguments that a request leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The zone of a request.
    pub zone: Option<Zone>,
    /// The Project of a new flexible IP.
    pub project_id: Option<ProjectId>,
    /// The Organization, which no operation reads yet.
    pub organization_id: Option<OrganizationId>,
    /// The number of flexible IPs on a page.
    pub page_size: Option<u32>,
    /// The key that marks a new flexible IP, so that a second create finds it.
    pub idempotency_key: Option<String>,
    /// Whether to accept a zone that this version does not know.
    pub allow_unknown_zones: bool,
}
