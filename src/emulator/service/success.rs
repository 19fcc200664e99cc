//! The results of operations that succeed, and their bodies.

use crate::emulator::settings::Settings;
use crate::emulator::world::state::State;
use crate::model::id::FlexibleIpId;
use crate::model::time::Timestamp;
use crate::wire::flexible_ip;
use crate::wire::json::Json;

/// The result of an operation that succeeds.
pub(in crate::emulator) enum Success {
    /// One flexible IP.
    Ip(FlexibleIpId),
    /// A flexible IP that was just created, and the reverse that this response shows, which may differ from
    /// what reads show.
    Created(FlexibleIpId, String),
    /// The flexible IPs that the request names.
    Ips(Vec<FlexibleIpId>),
    /// A page of a list, and the total count of the list.
    Page(Vec<FlexibleIpId>, usize),
    /// No body.
    Empty,
}

impl Success {
    /// The JSON body, if there is one. Dates from `written_since` on were written by this request and are
    /// exact to the nanosecond; in a page of a list no date is.
    pub(in crate::emulator) fn body(
        &self,
        written_since: Timestamp,
        state: &State,
        settings: &Settings,
    ) -> Option<Json> {
        let one = |id: &FlexibleIpId, written_since| {
            state.view(*id, settings).map(|ip| flexible_ip::write(&ip, written_since))
        };
        let many = |ids: &[FlexibleIpId], total: usize, written_since| {
            let ips = ids.iter().filter_map(|id| one(id, written_since)).collect();
            Some(Json::Object(vec![
                ("total_count", Json::Integer(u64::try_from(total).unwrap_or(u64::MAX))),
                ("flexible_ips", Json::List(ips)),
            ]))
        };
        match self {
            Self::Ip(id) => one(id, Some(written_since)),
            Self::Created(id, reverse) => {
                let mut ip = state.view(*id, settings)?;
                ip.reverse.clone_from(reverse);
                Some(flexible_ip::write(&ip, Some(written_since)))
            }
            Self::Ips(ids) => many(ids, ids.len(), Some(written_since)),
            Self::Page(ids, total) => many(ids, *total, None),
            Self::Empty => None,
        }
    }
}
