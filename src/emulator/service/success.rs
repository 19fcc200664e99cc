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
            Self::Ip(id) if state.latest_date(*id)? < written_since => {
                let mut out = String::with_capacity(IP_BYTES);
                write_cached(&mut out, *id, state, settings, order).then_some(out)
            }
            Self::Ip(id) => Some(one(&state.view(*id, settings)?, fresh)),
            Self::PastIp(id) => Some(one(&state.past_view(*id, settings)?, None)),
            Self::Created(id, reverse) => {
                let mut ip = state.view(*id, settings)?;
                ip.reverse.clone_from(reverse);
                Some(one(&ip, fresh))
            }
            Self::Ips(ids) => {
                let write = |out: &mut String, id| {
                    write_ip(out, state.view(id, settings).as_ref(), fresh, order)
                };
                Some(list(ids, write, ids.len(), order))
            }
            Self::Page(Page { ids, older, total }) => {
                let write = |out: &mut String, id| {
                    if older.contains(&id) {
                        write_ip(out, state.past_view(id, settings).as_ref(), None, order)
                    } else {
                        write_cached(out, id, state, settings, order)
                    }
                };
                Some(list(ids, write, *total, order))
            }
            Self::Empty => None,
        }
    }
}

/// About the length of a flexible IP in JSON.
const IP_BYTES: usize = 600;

/// Writes a flexible IP. Returns whether there is one.
fn write_ip(
    out: &mut String,
    ip: Option<&FlexibleIp>,
    fresh_from: Option<Timestamp>,
    order: Order,
) -> bool {
    ip.inspect(|ip| flexible_ip::write(out, ip, fresh_from, order)).is_some()
}

/// Writes a flexible IP as reads show it, from the text that is kept if there is one. Returns whether it exists.
fn write_cached(
    out: &mut String,
    id: FlexibleIpId,
    state: &State,
    settings: &Settings,
    order: Order,
) -> bool {
    let render = |out: &mut String| write_ip(out, state.view(id, settings).as_ref(), None, order);
    state.rendered.write(out, id, render)
}

/// `write` writes a flexible IP, and returns whether it exists.
fn list(
    ids: &[FlexibleIpId],
    write: impl Fn(&mut String, FlexibleIpId) -> bool,
    total: usize,
    order: Order,
) -> String {
    let mut out = String::with_capacity(ids.len().saturating_mul(IP_BYTES).saturating_add(64));
    let count = ["\"total_count\":", &total.to_string()].concat();
    out.push('{');
    if order == Order::Described {
        out.push_str(&count);
        out.push(',');
    }
    out.push_str("\"flexible_ips\":[");
    let mut is_first = true;
    for id in ids {
        let end = out.len();
        if !is_first {
            out.push(',');
        }
        if write(&mut out, *id) {
            is_first = false;
        } else {
            out.truncate(end);
        }
    }
    out.push(']');
    if order == Order::Alphabetical {
        out.push(',');
        out.push_str(&count);
    }
    out.push('}');
    out
}
