//! What an edge does with the emulator beside sending it requests: servers, faults, journal,
//! saving and restoring.

use super::Emulator;
use super::faults::{FaultError, FaultRule};
use super::journal::Entry;
use super::lifecycle;
use super::settings::{Settings, SettingsError};
use super::snapshot::{self, SnapshotError};
use super::timing::Timing;
use crate::model::id::{FlexibleIpId, OrganizationId, ProjectId, ServerId, Uuid};
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// A server that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its id.
    pub id: ServerId,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: Zone,
    /// Whether it is being deleted.
    pub leaving: bool,
}

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

    /// Sets how long transitions take, from the next one on.
    pub fn set_timing(&mut self, timing: Timing) -> Result<(), SettingsError> {
        let settings = Settings { timing, ..self.settings.clone() };
        settings.check()?;
        self.settings = settings;
        Ok(())
    }

    /// Adds an Elastic Metal server; nothing in a zone without flexible IPs.
    pub fn add_server(&mut self, zone: &Zone, name: &str) -> Option<ServerId> {
        zone.is_known().then(|| self.state.add_machine(zone.clone(), name.to_owned()))
    }

    /// Deletes a server: its IPs are detached a little later, and stay yours. Says whether there was
    /// one to delete.
    pub fn remove_server(&mut self, id: ServerId, now: Timestamp) -> bool {
        self.settle(now);
        let present = self.state.machines.get(&id).is_some_and(|server| server.leaves_at.is_none());
        if present {
            lifecycle::begin_removal(&mut self.state, &self.settings, id, now);
        }
        present
    }

    /// The servers, in the order of their ids.
    pub fn servers(&self) -> impl Iterator<Item = Server> {
        self.state.machines.iter().map(|(id, machine)| Server {
            id: *id,
            name: machine.name.clone(),
            zone: machine.zone.clone(),
            leaving: machine.leaves_at.is_some(),
        })
    }

    /// Puts an IP into a status that no request leads to, such as `locked` or `error`, and ends what
    /// the service was doing to it. Says whether there is such an IP.
    pub fn force_status(&mut self, id: FlexibleIpId, status: Status, now: Timestamp) -> bool {
        self.settle(now);
        let present = self.state.ips.contains_key(&id);
        self.state.edit(id, |ip| {
            ip.status = status;
            ip.job = None;
        });
        present
    }

    /// Adds a fault.
    pub fn add_fault(&mut self, rule: FaultRule) -> Result<(), FaultError> {
        self.faults.add(rule, self.state.seed)
    }

    /// Forgets all faults.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The latest requests, oldest first, without secrets.
    pub fn journal(&self) -> impl Iterator<Item = &Entry> {
        self.journal.entries()
    }

    /// Forgets the requests so far.
    pub fn clear_journal(&mut self) {
        self.journal.clear();
    }

    /// All that is held, as a JSON text: neither settings, nor journal, nor secrets.
    pub fn snapshot(&self) -> String {
        snapshot::write(&self.state, &self.faults)
    }

    /// Holds what a snapshot says, and nothing else. The settings, the secret key and the journal
    /// stay; ids and random numbers go on as where the snapshot was taken.
    pub fn restore(&mut self, text: &str) -> Result<(), SnapshotError> {
        (self.state, self.faults) = snapshot::read(text)?;
        Ok(())
    }
}
