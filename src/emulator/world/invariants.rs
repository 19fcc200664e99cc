//! What is true of every state, whatever happened before. A snapshot that breaks one of these is refused by
//! its name; the model test checks the same list after every operation.
//!
//! Settings are not part of the state and may differ from those that it was made with. So nothing here
//! depends on them.

use std::collections::{BTreeMap, BTreeSet};

use crate::emulator::settings::timing::MAX_DELAY;
use crate::emulator::world::blocks;
use crate::emulator::world::history::PastIp;
use crate::emulator::world::pool::Pool;
use crate::emulator::world::populate::{LATEST_POPULATED, LATEST_WRITE};
use crate::emulator::world::records::{IpRecord, Job, JobKind, KVM_PREFIX, MacGroup};
use crate::emulator::world::state::{MACS, MAX_MACS_MADE, MAX_SERVERS, STAMPS_AHEAD, State};
use crate::emulator::world::transitions::transition;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::mac::MacType;
use crate::model::status::Status;
use crate::model::text::{is_description, is_reverse};
use crate::model::time::{Millis, Timestamp};
use crate::wire::http::Method;
use crate::wire::route;

/// No time in a state is later: 2550-01-01. The clock ends 50 years before, so that a transition that begins
/// then still has room.
const LATEST: Timestamp = Timestamp::from_millis(18_303_062_400_000);

/// JavaScript's numbers are exact up to here.
const EXACT: u64 = 1 << 53;

/// What an invariant finds: nothing, or what breaks it.
type Found = Result<(), String>;

type Check = fn(&State) -> Found;

/// A check of a state at a time.
type CheckAt = fn(&State, Timestamp) -> Found;

/// Every invariant of a state: its name, and its check.
const INVARIANTS: &[(&str, Check)] = &[
    ("the counters are within their ranges", counters),
    ("there is a default Project", projects),
    ("the pool has every zone once, with blocks that do not overlap", families),
    ("an address is free, or another tenant's, or has one flexible IP", addresses),
    ("only a free address keeps the reverse of its previous tenant", previous_reverses),
    ("a flexible IP has the zone, address and date of its pooled address", pooled_addresses),
    ("a flexible IP belongs to a Project of the Organization", owners),
    ("description and reverse are such as a request can set", texts),
    ("every date is one that a write had", dates),
    ("a status is that of the job under way, or one to rest in", statuses),
    ("a server that is named was added, in the zone of the flexible IP", servers),
    ("an attached flexible IP at rest has a server that stays", attached_at_rest),
    ("a MAC group and its members name each other", members),
    ("the members of a MAC group are in one zone and go to one server", one_server),
    ("no MAC address is given twice", mac_addresses),
    ("late work is a write to a flexible IP", late_work),
    ("the past has only what can have been", past),
];

/// Every invariant of a state at a time: its name, and its check.
const INVARIANTS_AT: &[(&str, CheckAt)] = &[
    ("nothing was written after its time", written_by),
    ("what is under way ends after the last write, and within the longest delay", under_way),
];

/// Checks every invariant of a state at `at`. Fails with the name of the first that is broken, and with what breaks
/// it.
pub(in crate::emulator) fn check(
    state: &State,
    at: Timestamp,
) -> Result<(), (&'static str, String)> {
    INVARIANTS.iter().try_for_each(|(name, check)| check(state).map_err(|what| (*name, what)))?;
    INVARIANTS_AT
        .iter()
        .try_for_each(|(name, check)| check(state, at).map_err(|what| (*name, what)))
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Found {
    if holds { Ok(()) } else { Err(what()) }
}

/// Whether a state can have this time.
fn is_possible(at: Timestamp) -> bool {
    at <= LATEST
}

fn counters(state: &State) -> Found {
    ensure(state.requests < EXACT, || format!("requests is {}", state.requests))?;
    let servers = state.servers_made;
    ensure(servers <= MAX_SERVERS, || format!("machines were added {servers} times"))?;
    let macs = state.macs_made;
    ensure(macs <= MAX_MACS_MADE, || format!("macs_made is {macs}"))?;
    ensure(state.pool.seed == state.seed, || "the pool has another seed".to_owned())
}

fn projects(state: &State) -> Found {
    ensure(!state.projects.is_empty(), || "there is no Project".to_owned())
}

fn families(state: &State) -> Found {
    let pools: Vec<(&str, bool)> =
        state.pool.families.iter().map(|family| (family.zone.as_str(), family.is_ipv6)).collect();
    let zones = blocks::BLOCKS.iter().flat_map(|(zone, ..)| [(*zone, false), (*zone, true)]);
    ensure(pools == zones.collect::<Vec<_>>(), || format!("the pools are {pools:?}"))?;
    for family in &state.pool.families {
        let unfit = family.blocks.iter().find(|block| !blocks::is_block(**block, family.is_ipv6));
        ensure(unfit.is_none(), || format!("{unfit:?} is no block of {}", family.zone))?;
        let last = family.allocated.checked_sub(1);
        let has_room = last.is_none_or(|last| family.address(state.seed, last).is_some());
        ensure(has_room, || format!("{} has allocated {}", family.zone, family.allocated))?;
    }
    let all = state.pool.families.iter().flat_map(|family| &family.blocks);
    match blocks::overlap(all.copied().collect()) {
        Some((one, other)) => Err(format!("{one} and {other} overlap")),
        None => Ok(()),
    }
}

fn addresses(state: &State) -> Found {
    let pool = &state.pool;
    for family in &pool.families {
        let beyond = family.free.last().filter(|last| **last >= family.allocated);
        ensure(beyond.is_none(), || format!("{beyond:?} is free in {}", family.zone))?;
        for index in &family.free {
            let id = family.id(pool.seed, *index);
            let is_taken = state.ips.contains_key(&id) || pool.others.contains(&id);
            ensure(!is_taken, || format!("{id} is free and in use"))?;
        }
    }
    // That there are as many addresses as owners was shown when the index was built.
    let mut owned = pool.positions(state.ips.iter());
    let unknown = owned.find_map(|(id, _, position)| position.is_none().then_some(id));
    let of_others = || pool.others.iter().copied().find(|id| pool.position(*id).is_none());
    let unknown = unknown.or_else(of_others);
    ensure(unknown.is_none(), || format!("{unknown:?} was never allocated"))
}

fn previous_reverses(state: &State) -> Found {
    for (id, reverse) in &state.pool.previous_reverses {
        ensure(state.pool.is_free(*id), || format!("{id} is not free"))?;
        ensure(is_reverse(reverse), || format!("{reverse:?} is no reverse"))?;
    }
    Ok(())
}

fn pooled_addresses(state: &State) -> Found {
    // What the population made is not read from a snapshot, but made again from the pool.
    let mut read = state.ips.iter().filter(|(_, ip)| !ip.is_populated);
    read.try_for_each(|(id, ip)| is_pooled(*id, ip, &state.pool))
}

fn is_pooled(id: FlexibleIpId, ip: &IpRecord, pool: &Pool) -> Found {
    let pooled = pool.pooled(id);
    let fits = pooled.is_some_and(|(zone, pooled)| {
        *zone == ip.zone && pooled.network == ip.network && pooled.created_at == ip.created_at
    });
    ensure(fits, || format!("{id} has {} in {}", ip.network, ip.zone))
}

fn owners(state: &State) -> Found {
    let stranger = state.ips.iter().find(|(_, ip)| !state.projects.contains(&ip.project_id));
    stranger.map_or(Ok(()), |(id, ip)| Err(format!("{id} belongs to {}", ip.project_id)))
}

fn texts(state: &State) -> Found {
    state.ips.iter().try_for_each(|(id, ip)| has_texts(*id, ip))
}

fn has_texts(id: FlexibleIpId, ip: &IpRecord) -> Found {
    ensure(is_description(&ip.description), || format!("the description of {id} is too long"))?;
    let reverse = ip.reverse.as_deref().filter(|reverse| !is_reverse(reverse));
    ensure(reverse.is_none(), || format!("the reverse of {id} is {reverse:?}"))
}

fn dates(state: &State) -> Found {
    let ip = state.ips.iter().find(|(_, ip)| !is_written(ip, state));
    ip.map_or(Ok(()), |(id, _)| Err(format!("{id} has another date")))?;
    let group = state.groups.iter().find(|(_, group)| !is_group_written(group, state));
    group.map_or(Ok(()), |(id, _)| Err(format!("{id} has another date")))
}

/// No write made the dates of a population, or the date of an address. A population has its dates as reads show them.
fn is_written(ip: &IpRecord, state: &State) -> bool {
    let IpRecord { created_at, updated_at, .. } = *ip;
    let latest = match state.populated {
        Some(_) => created_at.after(Millis(LATEST_WRITE)),
        None => created_at,
    };
    let is_late_enough = updated_at.rounded_to_micros() >= created_at.rounded_to_micros();
    is_late_enough && (updated_at <= state.last_stamp || updated_at <= latest)
}

fn is_group_written(group: &MacGroup, state: &State) -> bool {
    let latest = match state.populated {
        Some(_) => LATEST_POPULATED.max(state.last_stamp),
        None => state.last_stamp,
    };
    group.created_at <= group.updated_at && group.updated_at <= latest
}

/// Writes are dated by their time, and a little ahead.
fn written_by(state: &State, at: Timestamp) -> Found {
    ensure(is_possible(at), || "it is after 2550".to_owned())?;
    let (last, change) = (state.last_stamp, state.history.last_at());
    ensure(last <= at.after(STAMPS_AHEAD), || format!("the last date is {}", last.nanos()))?;
    ensure(change <= at, || format!("the last change was at {}", change.nanos()))
}

fn under_way(state: &State, at: Timestamp) -> Found {
    // What was due before a write was done before it.
    let is_due = |due: Timestamp| due.after(STAMPS_AHEAD) >= state.last_stamp;
    let longest = Millis(MAX_DELAY);
    let ends = |due: Timestamp| is_due(due) && due <= at.after(longest);
    // A server attaches one after the other: each attach may wait for those of all requests before.
    let queued = Millis(MAX_DELAY.saturating_mul(state.requests.saturating_add(1)));
    for (id, ip) in &state.ips {
        let Some(job) = &ip.job else { continue };
        let is_in_time = match job.target {
            Some(_) => is_due(job.due) && job.due <= at.after(queued) && is_possible(job.due),
            None => ends(job.due),
        };
        ensure(is_in_time, || format!("the job of {id} ends at {}", job.due.nanos()))?;
    }
    let gone = state.servers.iter().find(|(_, server)| !server.gone_at.is_none_or(ends));
    gone.map_or(Ok(()), |(id, _)| Err(format!("{id} leaves at another time")))?;
    let late = state.late.iter().find(|work| !ends(work.due));
    late.map_or(Ok(()), |work| Err(format!("late work is due at {}", work.due.nanos())))
}

fn statuses(state: &State) -> Found {
    state.ips.iter().try_for_each(|(id, ip)| has_status(*id, ip))
}

fn has_status(id: FlexibleIpId, ip: &IpRecord) -> Found {
    let fits = match &ip.job {
        Some(job) => ip.status == transition(job.kind).status && fits_job(ip, job),
        None => can_rest(ip.status, ip.server_id.is_some()),
    };
    let server = ip.server_id.map_or_else(|| "no server".to_owned(), |id| id.to_string());
    ensure(fits, || format!("{id} is {} with {server}", ip.status.word()))
}

/// Whether a flexible IP without a job can have this status. A status can be forced, but not one that the
/// server contradicts.
pub(in crate::emulator) const fn can_rest(status: Status, has_server: bool) -> bool {
    match status {
        Status::Ready => !has_server,
        Status::Attached | Status::Detaching => has_server,
        Status::Updating | Status::Error | Status::Locked | Status::Unknown => true,
    }
}

const fn fits_job(ip: &IpRecord, job: &Job) -> bool {
    let attaches = matches!(job.kind, JobKind::Create | JobKind::Attach);
    let duplicates = matches!(job.kind, JobKind::DuplicateMac);
    job.target.is_some() == attaches
        && ip.server_id.is_some() != attaches
        && job.source.is_some() == duplicates
}

fn servers(state: &State) -> Found {
    let mut named: BTreeSet<ServerId> = state.servers.keys().copied().collect();
    let before = state.history.records().map(|past| &past.ip);
    for ip in state.ips.values().map(|ip| &**ip).chain(before) {
        named.extend(ip.server_id);
        named.extend(ip.job.as_ref().and_then(|job| job.target));
        for id in [ip.server_id, ip.assigned_server()].into_iter().flatten() {
            let is_here = state.servers.get(&id).is_none_or(|server| server.zone == ip.zone);
            ensure(is_here, || format!("{id} is not in {}", ip.zone))?;
        }
        let loses = ip.job.as_ref().is_some_and(|job| {
            matches!(job.kind, JobKind::LoseServer | JobKind::DetachFromLostServer)
        });
        let stays = ip.server_id.is_some_and(|id| state.server_stays(id));
        ensure(!(loses && stays), || format!("{:?} is not being deleted", ip.server_id))?;
    }
    let strange = state.servers.values().find(|server| !server.zone.is_known());
    ensure(strange.is_none(), || format!("there are no servers in {strange:?}"))?;
    let mut number = 0;
    while number < state.servers_made && !named.is_empty() {
        named.remove(&state.server_id(number));
        number = number.saturating_add(1);
    }
    named.first().map_or(Ok(()), |id| Err(format!("{id} was never added")))
}

fn attached_at_rest(state: &State) -> Found {
    let at_rest = |ip: &&IpRecord| ip.job.is_none() && ip.status == Status::Attached;
    for ip in state.ips.values().map(AsRef::as_ref).filter(at_rest) {
        let stays = ip.server_id.is_some_and(|id| state.server_stays(id));
        ensure(stays, || format!("{:?} is being deleted", ip.server_id))?;
    }
    Ok(())
}

fn members(state: &State) -> Found {
    for (mac_id, group) in &state.groups {
        ensure(!group.members.is_empty(), || format!("{mac_id} has no members"))?;
        let carries =
            |id: &FlexibleIpId| state.ips.get(id).is_some_and(|ip| ip.mac_id == Some(*mac_id));
        let stranger = group.members.iter().find(|id| !carries(id));
        ensure(stranger.is_none(), || format!("{stranger:?} does not carry {mac_id}"))?;
    }
    for (id, ip) in &state.ips {
        let Some(mac_id) = ip.mac_id else { continue };
        let is_member = state.groups.get(&mac_id).is_some_and(|group| group.members.contains(id));
        ensure(is_member, || format!("{id} is no member of {mac_id}"))?;
    }
    Ok(())
}

fn one_server(state: &State) -> Found {
    for (mac_id, group) in &state.groups {
        let ips = || group.members.iter().filter_map(|id| state.ips.get(id));
        let zones: BTreeSet<_> = ips().map(|ip| &ip.zone).collect();
        let servers: BTreeSet<_> = ips().filter_map(|ip| ip.assigned_server()).collect();
        let are_one = zones.len() <= 1 && servers.len() <= 1;
        ensure(are_one, || format!("{mac_id} is in {} places", zones.len().max(servers.len())))?;
    }
    Ok(())
}

fn mac_addresses(state: &State) -> Found {
    let mut unmatched = BTreeMap::new();
    for (mac_id, group) in &state.groups {
        let [first, second, third, rest @ ..] = group.bytes.0;
        let has_prefix = match group.mac_type {
            MacType::Kvm => [first, second, third] == KVM_PREFIX,
            MacType::Vmware | MacType::Xen => true,
            MacType::Unknown => false,
        };
        ensure(has_prefix, || format!("{mac_id} has {}", group.bytes))?;
        let is_new = unmatched.insert(rest, *mac_id).is_none();
        ensure(is_new, || format!("{} is given twice", group.bytes))?;
    }
    let mut number = 0;
    while number < state.macs_made.min(MACS) && !unmatched.is_empty() {
        unmatched.remove(&state.mac_end(number));
        number = number.saturating_add(1);
    }
    unmatched
        .values()
        .next()
        .map_or(Ok(()), |id| Err(format!("the address of {id} was never made")))
}

fn late_work(state: &State) -> Found {
    for work in &state.late {
        let method = Method::parse(&work.method);
        let operation = method.and_then(|method| route::find(method, &work.path));
        let is_write = operation.is_some_and(|matched| matched.operation.is_write());
        ensure(is_write, || format!("{} {} writes nothing", work.method, work.path))?;
    }
    Ok(())
}

fn past(state: &State) -> Found {
    ensure(state.history.is_consistent(), || "its changes have other numbers".to_owned())?;
    for (id, past) in state.history.changed() {
        let was_allocated = state.pool.position(id).is_some();
        ensure(was_allocated, || format!("{id} was never allocated"))?;
        let Some(PastIp { ip, mac }) = &past.before else { continue };
        is_pooled(id, ip, &state.pool)?;
        has_texts(id, ip)?;
        has_status(id, ip)?;
        let is_owned = state.projects.contains(&ip.project_id);
        ensure(is_owned, || format!("{id} belonged to {}", ip.project_id))?;
        ensure(is_written(ip, state), || format!("{id} has a later date"))?;
        ensure(ip.mac_id.is_some() == mac.is_some(), || format!("{id} has no MAC address"))?;
        let is_fine = |mac: &MacGroup| mac.members.is_empty() && is_group_written(mac, state);
        ensure(mac.as_ref().is_none_or(is_fine), || format!("{id} has an impossible MAC address"))?;
    }
    Ok(())
}
