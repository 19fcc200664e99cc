//! The methods of the emulator besides the handling of requests: servers, statuses, faults, journal,
//! snapshots.

use crate::emulator::Emulator;
use crate::emulator::control::faults::error::FaultError;
use crate::emulator::control::faults::injector::ListedFault;
use crate::emulator::control::faults::rule::FaultRule;
use crate::emulator::control::journal::JournalEntry;
use crate::emulator::control::server::Server;
use crate::emulator::control::snapshot::{self, SnapshotError};
use crate::emulator::settings::Settings;
use crate::emulator::settings::error::SettingsError;
use crate::emulator::settings::timing::Timing;
use crate::emulator::world::lifecycle;
use crate::model::id::{FlexibleIpId, OrganizationId, ProjectId, ServerId, Uuid};
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

impl Emulator {
    /// The secret key that requests must carry.
    pub fn secret_key(&self) -> &str {
        &self.credentials.secret_key
    }

    /// The default Project.
    pub fn project_id(&self) -> ProjectId {
        let nil = ProjectId(Uuid::from_bytes([0; 16]));
        self.state.projects.first().copied().unwrap_or(nil)
    }

    /// The Organization.
    pub const fn organization_id(&self) -> OrganizationId {
        self.state.organization_id
    }

    /// Sets the delays of transitions that begin from now on. Fails if a delay's values are not in order.
    pub fn set_timing(&mut self, timing: Timing) -> Result<(), SettingsError> {
        let settings = Settings { timing, ..self.settings.clone() };
        settings.check()?;
        self.settings = settings;
        Ok(())
    }

    /// Adds an Elastic Metal server. Returns `None` for a zone without flexible IPs.
    pub fn add_server(&mut self, zone: &Zone, name: &str) -> Option<ServerId> {
        zone.is_known().then(|| self.state.add_server(zone.clone(), name.to_owned()))
    }

    /// Begins to delete a server. Its flexible IPs are detached a little later and stay in the Project.
    /// Returns whether the server exists and is not being deleted already.
    pub fn remove_server(&mut self, id: ServerId, now: Timestamp) -> bool {
        self.settle(now);
        let present = self.state.servers.get(&id).is_some_and(|server| server.gone_at.is_none());
        if present {
            self.state.history.begin_change(now);
            lifecycle::begin_server_removal(&mut self.state, &self.settings, id, now);
        }
        present
    }

    /// The servers, in the order of their ids.
    pub fn servers(&self) -> impl Iterator<Item = Server> {
        self.state.servers.iter().map(|(id, server)| Server {
            id: *id,
            name: server.name.clone(),
            zone: server.zone.clone(),
            is_deleting: server.gone_at.is_some(),
        })
    }

    /// Puts a flexible IP into a status that no request leads to, such as `locked` or `error`, and cancels
    /// its job. Returns whether the flexible IP exists.
    pub fn force_status(&mut self, id: FlexibleIpId, status: Status, now: Timestamp) -> bool {
        self.settle(now);
        let present = self.state.ips.contains_key(&id);
        self.state.history.begin_change(now);
        self.state.edit(id, |ip| {
            ip.status = status;
            ip.job = None;
        });
        present
    }

    /// Adds a fault rule, and returns its id. Fails if it is invalid.
    pub fn add_fault(&mut self, rule: FaultRule) -> Result<u32, FaultError> {
        let id = self.faults.add(rule, self.state.seed)?;
        if self.faults.needs_history() {
            self.state.history.record();
        }
        Ok(id)
    }

    /// The fault rules, in the order in which they were added.
    pub fn faults(&self) -> impl Iterator<Item = ListedFault> {
        self.faults.list()
    }

    /// Removes a fault rule. Work that is late is still done. Returns whether there is a rule with this id.
    pub fn remove_fault(&mut self, id: u32) -> bool {
        let is_removed = self.faults.remove(id);
        if !self.faults.needs_history() {
            self.state.history.clear();
        }
        is_removed
    }

    /// Removes all fault rules. Work that is late is still done.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
        self.state.history.clear();
    }

    /// The latest requests, oldest first, without secrets.
    pub fn journal(&self) -> impl Iterator<Item = &JournalEntry> {
        self.journal.entries()
    }

    /// Removes the requests so far from the journal.
    pub fn clear_journal(&mut self) {
        self.journal.clear();
    }

    /// The whole state as JSON, without settings, journal and secrets.
    pub fn snapshot(&self) -> String {
        snapshot::write(&self.state, &self.faults)
    }

    /// Replaces the state by that of a snapshot. The settings, the secret key and the journal stay; ids and
    /// random numbers continue from where the snapshot was taken. After an error nothing has changed.
    pub fn restore(&mut self, text: &str) -> Result<(), SnapshotError> {
        (self.state, self.faults) = snapshot::read(text)?;
        Ok(())
    }
}
