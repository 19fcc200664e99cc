//! The results of operations that succeed, and their bodies.

use std::collections::BTreeSet;

use crate::emulator::settings::Settings;
use crate::emulator::world::state::State;
use crate::model::id::FlexibleIpId;
use crate::model::time::Timestamp;
use crate::wire::flexible_ip;
use crate::wire::json::Json;

/// A page of a list.
pub(in crate::emulator) struct Page {
    /// The flexible IPs, in their order.
    pub(in crate::emulator) ids: Vec<FlexibleIpId>,
    /// Those of them that are shown as they were before their last change.
    pub(in crate::emulator) older: BTreeSet<FlexibleIpId>,
    /// The total count of the list.
    pub(in crate::emulator) total: usize,
}

/// The result of an operation that succeeds.
pub(in crate::emulator) enum Success {
    /// One flexible IP.
    Ip(FlexibleIpId),
    /// One flexible IP as it was before its last change.
    PastIp(FlexibleIpId),
    /// A flexible IP that was just created, and the reverse that this response shows, which may differ from
    /// what reads show.
    Created(FlexibleIpId, String),
    /// The flexible IPs that the request names.
    Ips(Vec<FlexibleIpId>),
    /// A page of a list.
    Page(Page),
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
        let past = |id: &FlexibleIpId| {
            state.past_view(*id, settings).map(|ip| flexible_ip::write(&ip, None))
        };
        let list = |ips: Vec<Json>, total: usize| {
            Some(Json::Object(vec![
                ("total_count", Json::Integer(u64::try_from(total).unwrap_or(u64::MAX))),
                ("flexible_ips", Json::List(ips)),
            ]))
        };
        match self {
            Self::Ip(id) => one(id, Some(written_since)),
            Self::PastIp(id) => past(id),
            Self::Created(id, reverse) => {
                let mut ip = state.view(*id, settings)?;
                ip.reverse.clone_from(reverse);
                Some(flexible_ip::write(&ip, Some(written_since)))
            }
            Self::Ips(ids) => {
                let ips = ids.iter().filter_map(|id| one(id, Some(written_since))).collect();
                list(ips, ids.len())
            }
            Self::Page(Page { ids, older, total }) => {
                let shown = |id| if older.contains(id) { past(id) } else { one(id, None) };
                list(ids.iter().filter_map(shown).collect(), *total)
            }
            Self::Empty => None,
        }
    }
}
