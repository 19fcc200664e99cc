//! A tenant: makes calls at random, and remembers what it was told of each of its flexible IPs.

use std::collections::BTreeMap;

use flexip::flow::calls::CallPolicy;
use flexip::flow::operation::OperationFlow;
use flexip::flow::relocate::{RelocateFlow, Relocation};
use flexip::flow::{Finished, Found, Machine, Place};
use flexip::model::zone::Zone;
use flexip::ops::arguments::{Defaults, Reader};
use flexip::ops::check;
use flexip::policy::random::Random;
use flexip::wire::route::Operation;
use serde_json::{Value as Json, json};

use crate::world::Ended;

/// What a tenant believes of a flexible IP.
#[derive(Clone, Debug, PartialEq)]
struct Belief {
    description: String,
    server: Option<String>,
    mac: Option<String>,
}

#[derive(Clone, Debug)]
enum Doing {
    Create { tag: String },
    Update { id: String, description: String },
    Delete { id: String },
    Attach { ids: Vec<String>, server: String },
    Detach { ids: Vec<String> },
    Generate { id: String },
    DeleteMac { id: String },
    Duplicate { id: String, from: String },
    Move { from: String, to: String },
    Ensure { ids: Vec<String>, server: String },
    Get { id: String },
}

pub(crate) struct Tenant {
    pub(crate) number: usize,
    random: Random,
    project: String,
    servers: Vec<String>,
    ips: BTreeMap<String, Belief>,
    /// Those of which nobody can say what an unknown outcome did, until they are read again.
    doubtful: BTreeMap<String, Doing>,
    /// The tags of creations of which nobody knows.
    maybe: Vec<String>,
    made: BTreeMap<String, String>,
    doing: Option<Doing>,
    calls: u32,
    /// What it did and what it was told, for whoever reads a failure.
    history: Vec<String>,
}

impl Tenant {
    pub(crate) fn new(number: usize, seed: u64, project: String, servers: Vec<String>) -> Self {
        Self {
            number,
            random: Random::new(seed.wrapping_mul(31).wrapping_add(number as u64)),
            project,
            servers,
            ips: BTreeMap::new(),
            doubtful: BTreeMap::new(),
            maybe: Vec::new(),
            made: BTreeMap::new(),
            doing: None,
            calls: 0,
            history: Vec::new(),
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.random.fraction() * bound as f64) as usize
    }

    fn any_ip(&mut self) -> Option<String> {
        let known: Vec<String> =
            self.ips.keys().filter(|id| !self.doubtful.contains_key(*id)).cloned().collect();
        if known.is_empty() {
            return None;
        }
        let place = self.below(known.len());
        Some(known[place].clone())
    }

    /// Who carries the same virtual MAC address.
    fn group_of(&self, id: &str) -> Vec<String> {
        let mac = self.ips.get(id).and_then(|belief| belief.mac.clone());
        let same = |(other, belief): &(&String, &Belief)| {
            *other == id || (mac.is_some() && belief.mac == mac)
        };
        self.ips.iter().filter(same).map(|(other, _)| other.clone()).collect()
    }

    /// Makes a call of whatever is to be done next.
    pub(crate) fn next_call(&mut self, policy: CallPolicy) -> Box<dyn Machine> {
        self.calls += 1;
        let doing = self.choose();
        let (operation, arguments) = self.arguments(&doing);
        let defaults = Defaults { zone: Zone::parse("fr-par-1"), ..Defaults::default() };
        self.doing = Some(doing.clone());
        if let Doing::Ensure { .. } = doing {
            let arguments = arguments.into();
            let mut reader = Reader::new(&arguments, &defaults);
            return Box::new(RelocateFlow::new(
                Relocation::read_ensure(&mut reader).unwrap(),
                policy,
            ));
        }
        // Every second creation carries a key.
        let key = match &doing {
            Doing::Create { tag } if self.calls % 2 == 0 => Some(tag.clone()),
            _ => None,
        };
        let (checked, problems) =
            check(operation, &arguments.into(), &Defaults { idempotency_key: key, ..defaults });
        assert_eq!(problems, []);
        Box::new(OperationFlow::new(checked.unwrap(), false, policy))
    }

    fn choose(&mut self) -> Doing {
        // What is doubtful is looked at before anything else is done to it.
        if let Some(id) = self.doubtful.keys().next().cloned() {
            return Doing::Get { id };
        }
        let create = Doing::Create { tag: format!("t{}-{}", self.number, self.calls) };
        let Some(id) = self.any_ip() else { return create };
        let place = self.below(2);
        let server = self.servers[place].clone();
        let belief = self.ips[&id].clone();
        let group = self.group_of(&id);
        let doubtful_group = group.iter().any(|id| self.doubtful.contains_key(id));
        match self.below(12) {
            0 | 1 if self.ips.len() < 12 => create,
            2 => Doing::Update { id, description: format!("d{}", self.calls) },
            3 => Doing::Delete { id },
            4 if belief.server.is_none() && !doubtful_group => Doing::Attach { ids: group, server },
            5 if !doubtful_group => Doing::Detach { ids: group },
            6 => Doing::Generate { id },
            7 if belief.mac.is_some() => Doing::DeleteMac { id },
            8 if belief.mac.is_some() && belief.server.is_some() => {
                let other = self.ips.iter().find(|(other, there)| {
                    **other != id && there.server == belief.server && there.mac.is_none()
                });
                match other.map(|(other, _)| other.clone()) {
                    Some(other) => Doing::Duplicate { id: other, from: id },
                    None => Doing::Get { id },
                }
            }
            9 if belief.mac.is_some() && group.len() == 1 && belief.server.is_none() => {
                let other = self.ips.iter().find(|(other, there)| {
                    **other != id && there.mac.is_none() && there.server.is_none()
                });
                match other.map(|(other, _)| other.clone()) {
                    Some(to) => Doing::Move { from: id, to },
                    None => Doing::Get { id },
                }
            }
            10 if !doubtful_group => Doing::Ensure { ids: group, server },
            _ => Doing::Get { id },
        }
    }

    fn arguments(&self, doing: &Doing) -> (Operation, Json) {
        match doing {
            Doing::Create { tag } => (
                Operation::CreateFlexibleIp,
                json!({ "projectId": self.project, "description": tag, "tags": [tag] }),
            ),
            Doing::Update { id, description } => {
                (Operation::UpdateFlexibleIp, json!({ "fipId": id, "description": description }))
            }
            Doing::Delete { id } => (Operation::DeleteFlexibleIp, json!({ "fipId": id })),
            Doing::Attach { ids, server } => {
                (Operation::AttachFlexibleIp, json!({ "fipsIds": ids, "serverId": server }))
            }
            Doing::Detach { ids } => (Operation::DetachFlexibleIp, json!({ "fipsIds": ids })),
            Doing::Generate { id } => {
                (Operation::GenerateMacAddr, json!({ "fipId": id, "macType": "kvm" }))
            }
            Doing::DeleteMac { id } => (Operation::DeleteMacAddr, json!({ "fipId": id })),
            Doing::Duplicate { id, from } => {
                (Operation::DuplicateMacAddr, json!({ "fipId": id, "duplicateFromFipId": from }))
            }
            Doing::Move { from, to } => {
                (Operation::MoveMacAddr, json!({ "fipId": from, "dstFipId": to }))
            }
            Doing::Ensure { ids, server } => {
                (Operation::AttachFlexibleIp, json!({ "fipsIds": ids, "serverId": server }))
            }
            Doing::Get { id } => (Operation::GetFlexibleIp, json!({ "fipId": id })),
        }
    }

    /// Takes the end of the call.
    pub(crate) fn take(&mut self, ended: Ended) {
        let Some(doing) = self.doing.take() else { return };
        let told = match &ended.result {
            Ok(finished) => format!("{:?}", finished.found),
            Err(failed) => failed.failure.to_string(),
        };
        self.history.push(format!("{doing:?}: {told}"));
        match &ended.result {
            Ok(finished) => self.believe(&doing, finished, &ended.bodies),
            Err(failed) => match failed.failure.error.code() {
                "ambiguous_result" => self.doubt(doing),
                // What did not arrive may be anywhere on the way.
                "incomplete" => self.doubt(doing),
                // What is gone says 403.
                "permissions_denied" => {
                    if let Doing::Get { id } = doing {
                        let doubt = self.doubtful.remove(&id);
                        assert!(
                            matches!(doubt, Some(Doing::Delete { .. })),
                            "{id} is gone, and nobody deleted it"
                        );
                        self.ips.remove(&id);
                    }
                }
                // Any other error says: it was not done.
                _ => {}
            },
        }
    }

    fn doubt(&mut self, doing: Doing) {
        match &doing {
            Doing::Create { tag } => self.maybe.push(tag.clone()),
            Doing::Update { id, .. }
            | Doing::Delete { id }
            | Doing::Generate { id }
            | Doing::DeleteMac { id }
            | Doing::Duplicate { id, .. } => {
                self.doubtful.insert(id.clone(), doing);
            }
            Doing::Move { from, to } => {
                self.doubtful.insert(from.clone(), doing.clone());
                self.doubtful.insert(to.clone(), doing);
            }
            Doing::Attach { ids, .. } | Doing::Detach { ids } | Doing::Ensure { ids, .. } => {
                for id in ids {
                    self.doubtful.insert(id.clone(), doing.clone());
                }
            }
            Doing::Get { .. } => panic!("a read is never ambiguous"),
        }
    }

    fn believe(&mut self, doing: &Doing, finished: &Finished, bodies: &BTreeMap<usize, Json>) {
        let body = body(finished, bodies);
        match doing {
            Doing::Create { tag } => {
                let id = body["id"].as_str().unwrap().to_owned();
                assert!(self.made.insert(tag.clone(), id.clone()).is_none());
                self.ips.insert(id, Belief { description: tag.clone(), server: None, mac: None });
            }
            Doing::Update { id, description } => {
                self.change(id, |ip| ip.description.clone_from(description))
            }
            Doing::Delete { id } => {
                self.ips.remove(id);
            }
            Doing::Attach { ids, server } | Doing::Ensure { ids, server } => {
                for id in ids {
                    self.change(id, |ip| ip.server = Some(server.clone()));
                }
            }
            Doing::Detach { ids } => {
                for id in ids {
                    self.change(id, |ip| ip.server = None);
                }
            }
            Doing::Generate { id } => {
                let mac = body["mac_address"]["id"].as_str().unwrap().to_owned();
                self.change(id, |ip| ip.mac = Some(mac));
            }
            Doing::DeleteMac { id } => self.change(id, |ip| ip.mac = None),
            Doing::Duplicate { id, from } => {
                let mac = self.ips[from].mac.clone();
                self.change(id, |ip| ip.mac = mac);
            }
            Doing::Move { from, to } => {
                let mac = self.ips[from].mac.clone();
                self.change(from, |ip| ip.mac = None);
                self.change(to, |ip| ip.mac = mac);
            }
            Doing::Get { id } => {
                if !self.doubtful.contains_key(id) {
                    return;
                }
                // Given back, its address may be somebody else's by now.
                if self.tag_of(body).is_none() {
                    self.doubtful.remove(id);
                    self.ips.remove(id);
                    return;
                }
                // On its way somewhere, it does not say where to.
                if matches!(body["status"].as_str(), Some("ready" | "attached")) {
                    self.doubtful.remove(id);
                    let belief = belief(body);
                    self.change(id, |ip| *ip = belief);
                }
            }
        }
    }

    fn change(&mut self, id: &str, change: impl FnOnce(&mut Belief)) {
        change(self.ips.get_mut(id).unwrap());
    }

    /// How many of these are this tenant's, by their tags.
    pub(crate) fn claimed(&self, held: &[Json]) -> usize {
        held.iter().filter(|ip| self.tag_of(ip).is_some()).count()
    }

    fn tag_of(&self, ip: &Json) -> Option<String> {
        let own = format!("t{}-", self.number);
        let tags = ip["tags"].as_array()?;
        tags.iter().filter_map(Json::as_str).find(|tag| tag.starts_with(&own)).map(str::to_owned)
    }

    /// What it did with this flexible IP.
    pub(crate) fn of(&self, id: &str) -> String {
        let own = self.history.iter().filter(|line| line.contains(id));
        own.cloned().collect::<Vec<_>>().join("\n")
    }

    /// What the service holds of this tenant is what it was told.
    pub(crate) fn compare(&self, held: &[Json], everybody: &dyn Fn(&str) -> String) {
        let mut seen: BTreeMap<String, &Json> = BTreeMap::new();
        for ip in held {
            let Some(tag) = self.tag_of(ip) else { continue };
            assert!(seen.insert(tag.clone(), ip).is_none(), "{tag} was made twice");
            let id = ip["id"].as_str().unwrap();
            let known = self.ips.contains_key(id) || self.maybe.contains(&tag);
            assert!(known, "{tag} is held, and its tenant does not know: {ip}\n{}", everybody(id));
        }
        for (id, expected) in &self.ips {
            let ip = held.iter().find(|ip| ip["id"] == **id);
            match (self.doubtful.get(id), ip) {
                (None, Some(ip)) => {
                    assert_eq!(belief(ip), *expected, "{id}\n{}", everybody(id));
                }
                (None, None) => panic!("{id} is lost: {expected:?}\n{}", everybody(id)),
                (Some(doing), None) => {
                    assert!(matches!(doing, Doing::Delete { .. }), "{id} is lost")
                }
                (Some(_), Some(_)) => {}
            }
        }
    }
}

fn belief(ip: &Json) -> Belief {
    Belief {
        description: ip["description"].as_str().unwrap().to_owned(),
        server: ip["server_id"].as_str().map(str::to_owned),
        mac: ip["mac_address"]["id"].as_str().map(str::to_owned),
    }
}

/// The body of the one flexible IP that a result is.
fn body<'a>(finished: &Finished, bodies: &'a BTreeMap<usize, Json>) -> &'a Json {
    const NOTHING: &Json = &Json::Null;
    let at = |place: &Place| {
        let body = bodies.get(&place.tag).unwrap();
        place.item.map_or(body, |item| &body["flexible_ips"][item])
    };
    match &finished.found {
        Found::Answer(tag) => bodies.get(tag).unwrap_or(NOTHING),
        Found::Ip(place) => at(place),
        Found::Ips(_) | Found::Nothing | Found::Plan(_) => NOTHING,
    }
}
