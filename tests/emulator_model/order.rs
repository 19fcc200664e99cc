//! The order of the attaches of each server.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::operation::Operation;
use crate::world::World;

/// For each server the flexible IPs of each attach that has not ended, in the order of the requests.
#[derive(Default)]
pub(crate) struct Order {
    pending: BTreeMap<String, VecDeque<BTreeSet<String>>>,
}

impl Order {
    /// Notes a successful attach: the flexible IPs that its response shows as `updating`.
    pub(crate) fn note(&mut self, world: &World, operation: &Operation, body: &Value) {
        let (server, shown) = match operation {
            Operation::Create { server: Some(server), .. } => (*server, vec![body.clone()]),
            Operation::Attach { server, .. } => {
                (*server, body["flexible_ips"].as_array().cloned().unwrap_or_default())
            }
            _ => return,
        };
        let queues: Vec<_> = self.pending.values().flatten().flatten().cloned().collect();
        let arriving: BTreeSet<String> = shown
            .iter()
            .filter(|ip| ip["status"] == "updating")
            .filter_map(|ip| ip["id"].as_str().map(str::to_owned))
            .filter(|id| !queues.contains(id))
            .collect();
        if let Some(server) = world.server(server).filter(|_| !arriving.is_empty()) {
            self.pending.entry(server.to_owned()).or_default().push_back(arriving);
        }
    }

    /// Checks that no flexible IP is attached before those of earlier requests.
    pub(crate) fn check(&mut self, shown: &[Value]) -> Result<(), String> {
        let attached: BTreeMap<&str, &str> = shown
            .iter()
            .filter(|ip| ip["status"] == "attached")
            .filter_map(|ip| Some((ip["id"].as_str()?, ip["server_id"].as_str()?)))
            .collect();
        for (server, queue) in &mut self.pending {
            let is_attached = |id: &String| attached.get(id.as_str()) == Some(&server.as_str());
            while queue.front().is_some_and(|first| first.iter().all(is_attached)) {
                queue.pop_front();
            }
            if let Some(early) = queue.iter().flatten().find(|id| is_attached(id)) {
                return Err(format!("{early} is at {server} before {:?}", queue.front()));
            }
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pending.values().all(VecDeque::is_empty)
    }
}
