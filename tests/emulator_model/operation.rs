//! What a tenant can do. IPs and servers are meant by their number, in the order in which they came.

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
}

/// A run of operations. Half of them begin with a MAC group of two on a server, where most rules are.
pub(crate) fn operations(most: usize) -> impl Strategy<Value = Vec<Operation>> {
    (any::<bool>(), vec(operation(), 1..most)).prop_map(|(grouped, operations)| {
        let mut all = if grouped { group_of_two() } else { Vec::new() };
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

/// Few IPs and servers, so that they meet often.
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
