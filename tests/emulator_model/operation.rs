//! The operations of a run. Flexible IPs and servers are named by their number in the order of creation.

use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
pub(crate) enum Operation {
    AddServer,
    RemoveServer(usize),
    Advance(u64),
    Create { server: Option<usize>, is_ipv6: bool, description: String },
    Get(usize),
    Update { ip: usize, description: Option<String>, tags: Option<Vec<String>> },
    Delete(usize),
    Attach { ips: Vec<usize>, server: usize },
    Detach(Vec<usize>),
    GenerateMac(usize),
    DeleteMac(usize),
    DuplicateMac { to: usize, from: usize },
    MoveMac { from: usize, to: usize },
}

impl Operation {
    pub(crate) const fn is_read(&self) -> bool {
        matches!(self, Self::Get(_))
    }

    /// Whether it is a request: faults are injected into requests only.
    pub(crate) const fn is_request(&self) -> bool {
        !matches!(self, Self::AddServer | Self::RemoveServer(_) | Self::Advance(_))
    }
}

/// The operations of a run. Half of the runs begin with a MAC group of two on a server: most rules are about
/// MAC groups.
pub(crate) fn operations(max: usize) -> impl Strategy<Value = Vec<Operation>> {
    (any::<bool>(), vec(operation(), 1..max)).prop_map(|(grouped, operations)| {
        let mut all = if grouped { group_of_two() } else { Vec::new() };
        all.extend(operations);
        all
    })
}

/// A fault, and whether the work is done all the same.
pub(crate) fn fault() -> impl Strategy<Value = (&'static str, bool)> {
    proptest::sample::select(vec![
        (r#""rateLimit""#, false),
        (r#""dropBefore""#, false),
        (r#""resetBefore""#, false),
        (r#"{"status": {"status": 503}}"#, false),
        (r#"{"status": {"status": 502, "after": true}}"#, true),
        (r#""dropAfter""#, true),
        (r#""resetAfter""#, true),
        (r#"{"delay": {"min": 1, "max": 900}}"#, true),
        (r#"{"truncate": 1}"#, true),
        (r#""garbage""#, true),
        (r#"{"drip": {"pieces": 3, "overMs": 90}}"#, true),
        (r#"{"rateGate": {"perSecond": 1, "burst": 1}}"#, true),
    ])
}

/// A rule of a fault that leaves something in the state.
pub(crate) fn state_fault() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        r#"{"times": 2, "fault": {"late": {"ms": {"min": 1, "max": 9000}}}}"#,
        r#"{"times": 1, "fault": "reuse"}"#,
        r#"{"times": 3, "fault": {"tear": {}}}"#,
        r#"{"probability": 0.2, "fault": {"stale": {}}}"#,
        r#"{"nth": 3, "times": 2, "fault": {"flap": {"calls": 2}}}"#,
        r#"{"nth": 2, "fault": {"flap": {"forMs": 900}}}"#,
        r#"{"times": 4, "fault": {"rateGate": {"perSecond": 1, "burst": 1}}}"#,
    ])
}

/// Operations that attach flexible IPs, and none that detaches or deletes one.
pub(crate) fn attaches(max: usize) -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        4 => (proptest::option::weighted(0.5, 0_usize..2), any::<bool>()).prop_map(|(server, is_ipv6)| {
            Operation::Create { server, is_ipv6, description: String::new() }
        }),
        4 => (vec(0_usize..8, 1..2), 0_usize..2).prop_map(|(ips, server)| Operation::Attach { ips, server }),
        3 => (0_u64..9_000).prop_map(Operation::Advance),
    ];
    vec(operation, 1..max).prop_map(|operations| {
        let mut all = vec![Operation::AddServer, Operation::AddServer];
        all.extend(operations);
        all
    })
}

fn group_of_two() -> Vec<Operation> {
    let create = |server| Operation::Create { server, is_ipv6: false, description: String::new() };
    vec![
        Operation::AddServer,
        Operation::AddServer,
        create(Some(0)),
        create(Some(0)),
        create(Some(0)),
        Operation::Advance(100_000),
        Operation::GenerateMac(0),
        Operation::Advance(100_000),
        Operation::DuplicateMac { to: 1, from: 0 },
        Operation::Advance(100_000),
    ]
}

/// Few flexible IPs and servers, so that operations often concern the same ones.
fn operation() -> impl Strategy<Value = Operation> {
    let ip = || 0_usize..5;
    let ips = || vec(ip(), 1..4);
    let server = || 0_usize..3;
    let text = || "[a-c]{0,2}";
    prop_oneof![
        2 => Just(Operation::AddServer),
        1 => server().prop_map(Operation::RemoveServer),
        3 => (0_u64..20_000).prop_map(Operation::Advance),
        5 => (proptest::option::weighted(0.7, server()), any::<bool>(), text())
            .prop_map(|(server, is_ipv6, description)| Operation::Create { server, is_ipv6, description }),
        1 => ip().prop_map(Operation::Get),
        1 => (ip(), proptest::option::of(text()), proptest::option::of(vec(text(), 0..2)))
            .prop_map(|(ip, description, tags)| Operation::Update { ip, description, tags }),
        1 => ip().prop_map(Operation::Delete),
        4 => (ips(), server()).prop_map(|(ips, server)| Operation::Attach { ips, server }),
        4 => ips().prop_map(Operation::Detach),
        2 => ip().prop_map(Operation::GenerateMac),
        1 => ip().prop_map(Operation::DeleteMac),
        4 => (ip(), ip()).prop_map(|(to, from)| Operation::DuplicateMac { to, from }),
        2 => (ip(), ip()).prop_map(|(from, to)| Operation::MoveMac { from, to }),
    ]
}
