//! The results of operations that succeed, and their bodies.

use std::collections::BTreeSet;

use crate::emulator::settings::Settings;
use crate::emulator::settings::choices::KeyOrder;
use crate::emulator::world::state::State;
use crate::model::flexible_ip::FlexibleIp;
use crate::model::id::FlexibleIpId;
use crate::model::time::Timestamp;
use crate::wire::flexible_ip::{self, Order};

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
    /// The JSON body, if there is one, with its keys in the order of the setting. Dates from `written_since`
    /// on were written by this request and are exact to the nanosecond; in a page of a list no date is.
    pub(in crate::emulator) fn body(
        &self,
        written_since: Timestamp,
        state: &State,
        settings: &Settings,
    ) -> Option<String> {
        let order = match settings.key_order {
            KeyOrder::Described => Order::Described,
            KeyOrder::Alphabetical => Order::Alphabetical,
        };
        let fresh = Some(written_since);
        let one = |ip: &FlexibleIp, fresh_from| {
            let mut out = String::with_capacity(IP_BYTES);
            flexible_ip::write(&mut out, ip, fresh_from, order);
            out
        };
        match self {
            Self::Ip(id) => Some(one(&state.view(*id, settings)?, fresh)),
            Self::PastIp(id) => Some(one(&state.past_view(*id, settings)?, None)),
            Self::Created(id, reverse) => {
                let mut ip = state.view(*id, settings)?;
                ip.reverse.clone_from(reverse);
                Some(one(&ip, fresh))
            }
            Self::Ips(ids) => {
                let ips = ids.iter().filter_map(|id| state.view(*id, settings));
                Some(list(ips, ids.len(), fresh, order))
            }
            Self::Page(Page { ids, older, total }) => {
                let shown = |id: &FlexibleIpId| {
                    if older.contains(id) {
                        state.past_view(*id, settings)
                    } else {
                        state.view(*id, settings)
                    }
                };
                Some(list(ids.iter().filter_map(shown), *total, None, order))
            }
            Self::Empty => None,
        }
    }
}

/// About the length of a flexible IP in JSON.
const IP_BYTES: usize = 512;

fn list(
    ips: impl Iterator<Item = FlexibleIp>,
    total: usize,
    fresh_from: Option<Timestamp>,
    order: Order,
) -> String {
    let mut out = String::with_capacity(ips.size_hint().1.unwrap_or(0).saturating_mul(IP_BYTES));
    let count = ["\"total_count\":", &total.to_string()].concat();
    out.push('{');
    if order == Order::Described {
        out.push_str(&count);
        out.push(',');
    }
    out.push_str("\"flexible_ips\":[");
    for (index, ip) in ips.enumerate() {
        if index > 0 {
            out.push(',');
        }
        flexible_ip::write(&mut out, &ip, fresh_from, order);
    }
    out.push(']');
    if order == Order::Alphabetical {
        out.push(',');
        out.push_str(&count);
    }
    out.push('}');
    out
}
