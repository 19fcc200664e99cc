//! The attaches of each server, in the order in which they were asked for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::operation::Operation;
use crate::world::World;

/// The IPs of each request that its server has not served yet.
#[derive(Default)]
pub(crate) struct Order {
    waiting: BTreeMap<String, VecDeque<BTreeSet<String>>>,
}

impl Order {
    /// Notes an attach that was granted: the IPs that its answer shows on their way.
    pub(crate) fn note(&mut self, world: &World, operation: &Operation, answer: &Value) {
        let (server, shown) = match operation {
            Operation::Create { server: Some(server), .. } => (*server, vec![answer.clone()]),
            Operation::Attach { server, .. } => {
                (*server, answer["flexible_ips"].as_array().cloned().unwrap_or_default())
            }
            _ => return,
        };
        let queues: Vec<_> = self.waiting.values().flatten().flatten().cloned().collect();
        let arriving: BTreeSet<String> = shown
            .iter()
            .filter(|ip| ip["status"] == "updating")
            .filter_map(|ip| ip["id"].as_str().map(str::to_owned))
            .filter(|id| !queues.contains(id))
            .collect();
        if let Some(server) = world.server(server).filter(|_| !arriving.is_empty()) {
            self.waiting.entry(server.to_owned()).or_default().push_back(arriving);
        }
    }

    /// Whoever has arrived came in its turn.
    pub(crate) fn check(&mut self, shown: &[Value]) -> Result<(), String> {
        let attached: BTreeMap<&str, &str> = shown
            .iter()
            .filter(|ip| ip["status"] == "attached")
            .filter_map(|ip| Some((ip["id"].as_str()?, ip["server_id"].as_str()?)))
            .collect();
        for (server, queue) in &mut self.waiting {
            let has_come = |id: &String| attached.get(id.as_str()) == Some(&server.as_str());
            while queue.front().is_some_and(|first| first.iter().all(has_come)) {
                queue.pop_front();
            }
            if let Some(early) = queue.iter().flatten().find(|id| has_come(id)) {
                return Err(format!("{early} is at {server} before {:?}", queue.front()));
            }
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.values().all(VecDeque::is_empty)
    }
}
