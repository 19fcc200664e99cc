//! The methods of the emulator besides the handling of requests: servers, statuses, faults, journal,
//! snapshots.

use crate::emulator::Emulator;
use crate::emulator::control::faults::error::FaultError;
use crate::emulator::control::faults::injector::ListedFault;
use crate::emulator::control::faults::rule::FaultRule;
use crate::emulator::control::journal::JournalEntry;
use crate::emulator::control::redaction::{REMOVED, Redaction};
use crate::emulator::control::server::Server;
use crate::emulator::control::snapshot::{self, SnapshotError};
use crate::emulator::http::exchange::Request;
use crate::emulator::settings::Settings;
use crate::emulator::settings::error::SettingsError;
use crate::emulator::settings::timing::Timing;
use crate::emulator::world::{invariants, lifecycle};
use crate::model::id::{FlexibleIpId, OrganizationId, ProjectId, ServerId, Uuid};
use crate::model::mac::MacType;
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;
use crate::wire::path::decode;

/// The words in the paths of the API, and of what else the emulator serves.
const WORDS: [&str; 13] = [
    "flexible-ip",
    "v1alpha1",
    "zones",
    "fips",
    "attach",
    "detach",
    "mac",
    "duplicate",
    "move",
    "baremetal",
    "v1",
    "servers",
    "metadata",
];

/// Why a status is not forced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a flexible IP {} cannot be {}: allowed are {}",
    if *has_server { "on a server" } else { "without a server" },
    status.word(),
    if *has_server { "attached, detaching, updating, error, locked and unknown" } else { "ready, updating, error, locked and unknown" }
)]
pub struct ImpossibleStatus {
    /// The status that was to be forced.
    pub status: Status,
    /// Whether the flexible IP has a server.
    pub has_server: bool,
}

impl Emulator {
    /// The secret key that requests must carry.
    pub fn secret_key(&self) -> &str {
        &self.credentials.secret_key
    }

    /// A target as a log may have it: without the emulator's secrets, and with the same response at replay. What
    /// stands for a secret is an unknown id if the secret is an id, and no id if it is not.
    pub fn target_for_log(&self, target: &str) -> String {
        let redaction = self.redaction();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segment = |segment: &str| {
            if redaction.clean(segment) == segment || self.is_known(segment) {
                return segment.to_owned();
            }
            let is_id = decode(segment).is_some_and(|text| FlexibleIpId::parse(&text).is_some());
            if is_id { Uuid::from_bytes([0; 16]).to_string() } else { REMOVED.to_owned() }
        };
        let path = path.split('/').map(segment).collect::<Vec<_>>().join("/");
        if query.is_empty() { path } else { [&path, "?", &redaction.clean(query)].concat() }
    }

    /// An id as a log may have it: an unknown one in the place of a secret, or no id if that is none. The ids of
    /// what exists, and the types of MAC addresses, are no secrets.
    pub(in crate::emulator) fn id_for_log(&self, text: &str) -> String {
        let id = Uuid::parse(text);
        let is_project = |id: Uuid| self.state.projects.iter().any(|project| project.0 == id);
        let stays =
            MacType::parse(text).is_some() || self.is_known(text) || id.is_some_and(is_project);
        if stays || self.redaction().clean(text) == text {
            return text.to_owned();
        }
        id.map_or_else(|| REMOVED.to_owned(), |_| Uuid::from_bytes([0; 16]).to_string())
    }

    /// The secrets of the emulator.
    pub(in crate::emulator) fn redaction(&self) -> Redaction<'_> {
        Redaction::of(&Request::default(), &self.own_secrets)
    }

    /// Whether a part of a path is a word of the API, a zone, or the id of something that exists.
    fn is_known(&self, segment: &str) -> bool {
        let text = decode(segment).unwrap_or_default();
        WORDS.contains(&segment)
            || Zone::parse(&text).is_some_and(|zone| zone.is_known())
            || FlexibleIpId::parse(&text).is_some_and(|id| self.state.ips.contains_key(&id))
            || ServerId::parse(&text).is_some_and(|id| self.state.servers.contains_key(&id))
    }

    /// Begins another run of a state, which had been on the disk: the ids of its requests are others than those
    /// of any run before, also where their numbers are the same.
    pub const fn begin_run(&mut self, run: u32) {
        self.run = run;
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

    /// Adds an Elastic Metal server. Returns `None` for a zone without flexible IPs, and after 16,777,216
    /// servers.
    pub fn add_server(&mut self, zone: &Zone, name: &str) -> Option<ServerId> {
        let zone = Some(zone).filter(|zone| zone.is_known())?;
        self.state.add_server(zone.clone(), name.to_owned())
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
    /// its job. Returns whether the flexible IP exists. Fails, and changes nothing, if the status contradicts
    /// whether the flexible IP has a server.
    pub fn force_status(
        &mut self,
        id: FlexibleIpId,
        status: Status,
        now: Timestamp,
    ) -> Result<bool, ImpossibleStatus> {
        self.settle(now);
        let Some(ip) = self.state.ips.get(&id) else { return Ok(false) };
        let has_server = ip.server_id.is_some();
        if !invariants::can_rest(status, has_server) {
            return Err(ImpossibleStatus { status, has_server });
        }
        self.state.history.begin_change(now);
        self.state.edit(id, |ip| {
            ip.status = status;
            ip.job = None;
        });
        lifecycle::detach_if_server_is_removed(&mut self.state, &self.settings, id, now);
        Ok(true)
    }

    /// Adds a fault rule, and returns its id. Fails if it is invalid. Settle before: what happens later is recorded
    /// for the rule.
    pub fn add_fault(&mut self, rule: FaultRule) -> Result<u32, FaultError> {
        let needs_history = rule.fault.needs_history();
        let id = self.faults.add(rule, self.state.seed)?;
        if needs_history {
            self.state.history.record();
        }
        Ok(id)
    }

    /// The fault rules, in the order in which they were added.
    pub fn faults(&self) -> impl Iterator<Item = ListedFault> {
        self.faults.list()
    }

    /// Removes a fault rule. Work that is late is still done. Returns whether there is a rule with this id. Settle
    /// before, as for a rule that is added.
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

    /// The whole state as JSON, with the time at which it is taken, and without settings, journal and secrets.
    /// Fails if it would be longer than 500,000,000 bytes.
    pub fn snapshot(&self, now: Timestamp) -> Result<String, SnapshotError> {
        snapshot::write(&self.state, &self.faults, now)
    }

    /// Replaces the state by that of a snapshot. The settings, the secret key and the journal stay; ids and
    /// random numbers continue from where the snapshot was taken. Returns the time of the snapshot. After an
    /// error nothing has changed.
    pub fn restore(&mut self, text: &str) -> Result<Timestamp, SnapshotError> {
        let read = snapshot::read(text)?;
        (self.state, self.faults) = (read.state, read.faults);
        Ok(read.at)
    }

    /// Checks every invariant of the state at this time, as `restore` does. Fails with the name of the first that
    /// is broken.
    pub fn check_invariants(&self, now: Timestamp) -> Result<(), SnapshotError> {
        snapshot::check(&self.state, &self.faults, now)
    }
}
