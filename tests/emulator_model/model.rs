//! The reference model: flexible IPs with their server and their MAC group, without delays. It shares no code
//! with the emulator.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::operation::Operation;
use crate::world::Response;

/// The number of a MAC group, in the order in which they were generated.
type Group = usize;

#[derive(Clone, Debug, Default)]
struct Ip {
    description: String,
    tags: Vec<String>,
    server: Option<usize>,
    group: Option<Group>,
}

#[derive(Default)]
pub(crate) struct Model {
    /// The id of each flexible IP that was created, by number. An id that was deleted can come again: both
    /// numbers mean the same then.
    ids: Vec<String>,
    ips: BTreeMap<String, Ip>,
    /// Whether each server exists.
    servers: Vec<bool>,
    limit: usize,
    groups: usize,
    /// Id and address of each group's MAC address, once a read has shown them.
    macs: BTreeMap<Group, (String, String)>,
    /// Address and date of creation of each id.
    addresses: BTreeMap<String, (String, String)>,
    /// The ids that the last operation wrote.
    written: BTreeSet<String>,
    /// The `updated_at` of each id in the last read.
    dates: BTreeMap<String, String>,
}

type Outcome = Result<(), String>;

impl Model {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Applies an operation. Fails if the response is not one that the model allows.
    pub(crate) fn apply(&mut self, operation: &Operation, response: &Response) -> Outcome {
        self.written.clear();
        let refusals = self.refusals(operation);
        let success = match operation {
            Operation::AddServer | Operation::RemoveServer(_) | Operation::Advance(_) => 0,
            Operation::Delete(_) | Operation::DeleteMac(_) => 204,
            _ => 200,
        };
        if refusals.is_empty() && response.status == success {
            self.carry_out(operation, response);
            return Ok(());
        }
        if refusals.contains(&response.status) {
            return Ok(());
        }
        Err(format!(
            "{operation:?} should be refused with {refusals:?}: {} {}",
            response.status, response.body
        ))
    }

    /// The statuses with which an operation may be refused; none if it must succeed.
    fn refusals(&self, operation: &Operation) -> Vec<u16> {
        let mut refusals = Vec::new();
        match operation {
            Operation::AddServer | Operation::RemoveServer(_) | Operation::Advance(_) => {}
            Operation::Create { server, .. } => {
                refusals.extend(server.and_then(|server| self.server_refusal(server, 1)));
            }
            Operation::Get(ip) | Operation::Update { ip, .. } | Operation::Delete(ip) => {
                refusals.extend(self.missing(*ip, 403));
            }
            Operation::GenerateMac(ip) | Operation::DeleteMac(ip) => {
                refusals.extend(self.missing(*ip, 404));
            }
            Operation::Attach { ips, server } => {
                refusals.extend(ips.iter().filter_map(|ip| self.missing(*ip, 403)));
                let ids = self.ids_of(ips);
                refusals.extend(self.has_foreign_members(&ids).then_some(412));
                let split = ids.iter().any(|id| !self.members(id).is_subset(&ids));
                refusals.extend(split.then_some(412));
                let arriving = ids.iter().filter(|id| self.server_of(id) != Some(*server)).count();
                refusals.extend(self.server_refusal(*server, arriving));
            }
            Operation::Detach(ips) => {
                refusals.extend(ips.iter().filter_map(|ip| self.missing(*ip, 403)));
                refusals.extend(self.has_foreign_members(&self.ids_of(ips)).then_some(412));
            }
            Operation::DuplicateMac { to, from } => {
                let (to_server, from_server) =
                    (self.server_of(&self.id(*to)), self.server_of(&self.id(*from)));
                refusals.extend((to_server.is_none() || to_server != from_server).then_some(412));
                refusals.extend(self.transfer_refusals(*from, *to));
            }
            Operation::MoveMac { from, to } => {
                let (from_id, to_id) = (self.id(*from), self.id(*to));
                let apart = self.server_of(&from_id) != self.server_of(&to_id);
                refusals.extend((apart && self.members(&from_id).len() > 1).then_some(412));
                refusals.extend(self.transfer_refusals(*from, *to));
            }
        }
        refusals
    }

    fn transfer_refusals(&self, from: usize, to: usize) -> Vec<u16> {
        let group = |ip| self.ips.get(&self.id(ip)).and_then(|ip| ip.group);
        let mut refusals: Vec<u16> =
            [from, to].iter().filter_map(|ip| self.missing(*ip, 404)).collect();
        refusals.extend((self.id(from) == self.id(to)).then_some(400));
        refusals.extend((group(from).is_none() || group(to).is_some()).then_some(412));
        refusals
    }

    fn carry_out(&mut self, operation: &Operation, response: &Response) {
        match operation {
            Operation::Advance(_) | Operation::Get(_) => {}
            Operation::AddServer => self.servers.push(true),
            Operation::RemoveServer(server) => {
                self.servers.iter_mut().skip(*server).take(1).for_each(|present| *present = false);
                for id in self.at_server(*server) {
                    self.write(&id, |ip| ip.server = None);
                }
            }
            Operation::Create { server, description, .. } => {
                let id = response.body["id"].as_str().unwrap_or_default().to_owned();
                let (description, server) = (description.clone(), *server);
                self.ids.push(id.clone());
                self.ips.insert(id.clone(), Ip { description, server, ..Ip::default() });
                self.write(&id, |_| {});
            }
            Operation::Update { ip, description, tags } => self.write(&self.id(*ip), |ip| {
                ip.description = description.clone().unwrap_or(ip.description.clone());
                ip.tags = tags.clone().unwrap_or(ip.tags.clone());
            }),
            Operation::Delete(ip) => drop(self.ips.remove(&self.id(*ip))),
            Operation::Attach { ips, server } => {
                for id in self.ids_of(ips) {
                    if self.server_of(&id) != Some(*server) {
                        self.write(&id, |ip| ip.server = Some(*server));
                    }
                }
            }
            Operation::Detach(ips) => {
                let ids = self.ids_of(ips);
                // Members that leave others behind lose the MAC address.
                let whole = ids.iter().all(|id| self.members(id).is_subset(&ids));
                for id in ids
                    .iter()
                    .filter(|id| self.server_of(id).is_some())
                    .cloned()
                    .collect::<Vec<_>>()
                {
                    self.write(&id, |ip| {
                        ip.server = None;
                        ip.group = ip.group.filter(|_| whole);
                    });
                }
            }
            Operation::GenerateMac(ip) => {
                self.groups += 1;
                let group = self.groups;
                self.write(&self.id(*ip), |ip| ip.group = Some(group));
            }
            Operation::DeleteMac(ip) => {
                let id = self.id(*ip);
                if self.ips[&id].group.is_some() {
                    self.write(&id, |ip| ip.group = None);
                }
            }
            Operation::DuplicateMac { to, from } => {
                let group = self.ips[&self.id(*from)].group;
                self.write(&self.id(*to), |ip| ip.group = group);
                self.write(&self.id(*from), |_| {});
            }
            Operation::MoveMac { from, to } => {
                // The date of the source does not change.
                let group = self.ips.get_mut(&self.id(*from)).and_then(|ip| ip.group.take());
                self.write(&self.id(*to), |ip| ip.group = group);
            }
        }
    }

    /// Compares the model with what reads show.
    pub(crate) fn compare(&mut self, shown: &[Value]) -> Outcome {
        if self.ips.len() != shown.len() {
            return Err(format!("{} IPs shown, {} in the model", shown.len(), self.ips.len()));
        }
        let mut servers: BTreeMap<usize, &str> = BTreeMap::new();
        for view in shown {
            let id = view["id"].as_str().unwrap_or_default();
            let ip = self.ips.get(id).ok_or_else(|| format!("{id} is not in the model"))?.clone();
            let status = if ip.server.is_some() { "attached" } else { "ready" };
            let same = view["status"] == status
                && view["description"] == *ip.description
                && view["tags"] == serde_json::json!(ip.tags)
                && view["server_id"].is_string() == ip.server.is_some();
            if !same {
                return Err(format!("{view} is shown for {ip:?}"));
            }
            if let (Some(server), Some(shown)) = (ip.server, view["server_id"].as_str())
                && *servers.entry(server).or_insert(shown) != shown
            {
                return Err(format!("server {server} has two ids"));
            }
            self.compare_mac(&ip, &view["mac_address"])?;
            self.compare_dates(id, view)?;
        }
        Ok(())
    }

    fn compare_mac(&mut self, ip: &Ip, mac: &Value) -> Outcome {
        let Some(group) = ip.group else {
            return if mac.is_null() { Ok(()) } else { Err(format!("{ip:?} carries {mac}")) };
        };
        let text = |name: &str| mac[name].as_str().unwrap_or_default().to_owned();
        let shown = (text("id"), text("mac_address"));
        let known = self.macs.entry(group).or_insert_with(|| shown.clone()).clone();
        let mut others = self.macs.iter().filter(|(other, _)| **other != group);
        let taken = others.any(|(_, mac)| mac.0 == shown.0 || mac.1 == shown.1);
        let status = if ip.server.is_some() { "used" } else { "ready" };
        if known != shown || taken || mac["status"] != status {
            return Err(format!("{mac} is shown on {ip:?}, whose group carries {known:?}"));
        }
        Ok(())
    }

    /// Address and `created_at` stay with the id; `updated_at` changes with writes only.
    fn compare_dates(&mut self, id: &str, view: &Value) -> Outcome {
        let text = |name: &str| view[name].as_str().unwrap_or_default().to_owned();
        let fixed = (text("ip_address"), text("created_at"));
        let known = self.addresses.entry(id.to_owned()).or_insert_with(|| fixed.clone());
        if *known != fixed {
            return Err(format!("{id} is {fixed:?}, and was {known:?}"));
        }
        let before = self.dates.insert(id.to_owned(), text("updated_at"));
        let moved = before != Some(text("updated_at"));
        if moved == self.written.contains(id) {
            return Ok(());
        }
        Err(format!("the date of {id} was {before:?} and is {}", text("updated_at")))
    }

    fn id(&self, number: usize) -> String {
        self.ids.get(number).cloned().unwrap_or_default()
    }

    fn ids_of(&self, numbers: &[usize]) -> BTreeSet<String> {
        numbers.iter().map(|number| self.id(*number)).collect()
    }

    /// The status that refuses a flexible IP that does not exist: 403 if it was deleted, `never` if it never
    /// existed.
    fn missing(&self, number: usize, never: u16) -> Option<u16> {
        let status = if number < self.ids.len() { 403 } else { never };
        (!self.ips.contains_key(&self.id(number))).then_some(status)
    }

    fn server_of(&self, id: &str) -> Option<usize> {
        self.ips.get(id).and_then(|ip| ip.server)
    }

    fn at_server(&self, server: usize) -> Vec<String> {
        let attached = self.ips.iter().filter(|(_, ip)| ip.server == Some(server));
        attached.map(|(id, _)| id.clone()).collect()
    }

    /// The flexible IPs with the same MAC address as this one, itself included.
    fn members(&self, id: &str) -> BTreeSet<String> {
        let group = self.ips.get(id).and_then(|ip| ip.group);
        let members = self.ips.iter().filter(|(_, ip)| group.is_some() && ip.group == group);
        members.map(|(id, _)| id.clone()).chain([id.to_owned()]).collect()
    }

    /// Whether the flexible IPs are of more than one MAC group.
    fn has_foreign_members(&self, ids: &BTreeSet<String>) -> bool {
        ids.first().is_some_and(|first| !ids.is_subset(&self.members(first)))
    }

    fn server_refusal(&self, server: usize, arriving: usize) -> Option<u16> {
        if !self.servers.get(server).is_some_and(|present| *present) {
            return Some(404);
        }
        (self.at_server(server).len() + arriving > self.limit).then_some(403)
    }

    fn write(&mut self, id: &str, change: impl FnOnce(&mut Ip)) {
        if let Some(ip) = self.ips.get_mut(id) {
            change(ip);
            self.written.insert(id.to_owned());
        }
    }
}
