//! The true state of the service, with its whole history.

use std::rc::Rc;

/// Milliseconds on the virtual clock.
pub(crate) type Ms = u64;

pub(crate) const ZONES: [&str; 2] = ["fr-par-1", "nl-ams-1"];

/// The Projects that our key sees. All are of one Organization.
pub(crate) const PROJECTS: [&str; 2] =
    ["6f261b39-3845-5b1d-a2ec-b6f1ab835801", "7a361b39-3845-4b1d-a2ec-b6f1ab835802"];
pub(crate) const ORGANIZATION: &str = "6f261b39-3845-5b1d-a2ec-b6f1ab835801";

/// The most flexible IPs of a server.
pub(crate) const PLACES: usize = 64;

/// The owner of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// It lies in the pool.
    Pool,
    /// It belongs to one of our Projects.
    Ours(u8),
    /// It belongs to another tenant.
    Tenant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Ready,
    Updating,
    Attached,
    Detaching,
    Error,
    Locked,
    /// A word that the API's description does not have.
    Migrating,
}

impl Status {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Updating => "updating",
            Self::Attached => "attached",
            Self::Detaching => "detaching",
            Self::Error => "error",
            Self::Locked => "locked",
            Self::Migrating => "migrating",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MacStatus {
    Ready,
    Updating,
    Used,
    Deleting,
    Error,
}

impl MacStatus {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Updating => "updating",
            Self::Used => "used",
            Self::Deleting => "deleting",
            Self::Error => "error",
        }
    }
}

/// The state of an address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) owner: Owner,
    /// The number of the order: a new one for each time that the address is bought.
    pub(crate) order: u32,
    pub(crate) status: Status,
    /// The server that responses show.
    pub(crate) server: Option<usize>,
    /// The server that it is on the way to. No response shows it.
    pub(crate) goal: Option<usize>,
    /// Whether a deletion is under way. No response shows it.
    pub(crate) is_deleting: bool,
    pub(crate) mac: Option<usize>,
    pub(crate) mac_status: MacStatus,
    pub(crate) tags: Rc<[String]>,
    pub(crate) description: Rc<str>,
    pub(crate) reverse: Rc<str>,
    pub(crate) updated: Ms,
    /// The transition that is under way; 0 for none.
    pub(crate) job: u32,
}

impl State {
    /// Whether our key can see it.
    pub(crate) const fn is_ours(&self) -> bool {
        matches!(self.owner, Owner::Ours(_))
    }

    /// At rest, as docs/glossary.md and the guarantees define it.
    pub(crate) fn is_at_rest(&self) -> bool {
        let status = match self.status {
            Status::Ready => self.server.is_none(),
            Status::Attached => self.server.is_some(),
            _ => false,
        };
        status
            && (self.mac.is_none() || matches!(self.mac_status, MacStatus::Ready | MacStatus::Used))
    }

    pub(crate) fn rests_on(&self, server: usize) -> bool {
        self.is_ours() && self.is_at_rest() && self.server == Some(server)
    }

    /// Whether it is on a server or on the way to it.
    pub(crate) fn serves(&self, server: usize) -> bool {
        self.goal == Some(server)
            || (self.server == Some(server) && !matches!(self.status, Status::Detaching))
    }
}

/// What caused a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A request of a call of ours.
    Call { call: usize, exchange: usize },
    /// Another process with the same key, or a person at the console.
    Colleague,
    /// Another tenant of the service.
    Tenant,
    /// The service itself: the end of a transition, or the state at the beginning.
    Service,
}

impl Origin {
    pub(crate) const fn call(self) -> Option<usize> {
        match self {
            Self::Call { call, .. } => Some(call),
            _ => None,
        }
    }
}

/// A state and the moment at which it began.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) at: Ms,
    pub(crate) origin: Origin,
    pub(crate) state: State,
}

/// An address of the pool. Its id, address and creation never change.
pub(crate) struct Slot {
    pub(crate) zone: usize,
    pub(crate) id: String,
    pub(crate) address: String,
    pub(crate) is_ipv6: bool,
    pub(crate) created: String,
    pub(crate) versions: Vec<Version>,
}

impl Slot {
    pub(crate) fn now(&self) -> &State {
        &self.versions[self.versions.len() - 1].state
    }

    /// The states that were true at some moment from `from` to `to`, both included.
    pub(crate) fn during(&self, from: Ms, to: Ms) -> impl Iterator<Item = &Version> {
        self.spans(from, to).map(|(_, _, version)| version)
    }

    /// The same with the first and the last moment of each.
    pub(crate) fn spans(&self, from: Ms, to: Ms) -> impl Iterator<Item = (Ms, Ms, &Version)> {
        // Few questions are about more than the last few states.
        let first = self.versions.partition_point(|version| version.at < from).saturating_sub(1);
        self.versions.iter().enumerate().skip(first).filter_map(move |(place, version)| {
            let end = self.versions.get(place + 1).map_or(Ms::MAX, |next| next.at);
            (version.at <= to && end >= from).then_some((version.at, end, version))
        })
    }

    pub(crate) fn any(&self, from: Ms, to: Ms, holds: impl Fn(&State) -> bool) -> bool {
        self.during(from, to).any(|version| holds(&version.state))
    }

    pub(crate) fn all(&self, from: Ms, to: Ms, holds: impl Fn(&State) -> bool) -> bool {
        self.during(from, to).all(|version| holds(&version.state))
    }

    /// The state at a moment; of several at one moment the last.
    pub(crate) fn at(&self, moment: Ms) -> &State {
        let after = self.versions.partition_point(|version| version.at <= moment);
        &self.versions[after.max(1) - 1].state
    }
}

pub(crate) struct Server {
    pub(crate) zone: usize,
    pub(crate) id: String,
    pub(crate) removed_at: Option<Ms>,
    /// Attaches to one server come one after another: when the last one under way ends.
    pub(crate) busy_until: Ms,
}

pub(crate) struct Mac {
    pub(crate) id: String,
    pub(crate) address: String,
    pub(crate) kind: &'static str,
    pub(crate) created: Ms,
    pub(crate) updated: Ms,
}

/// What a request, or the service, did to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Create,
    Update,
    Delete,
    Attach {
        server: usize,
    },
    Detach,
    Generate {
        mac: usize,
    },
    DeleteMac {
        mac: usize,
    },
    Duplicate {
        mac: usize,
    },
    MoveMac {
        mac: usize,
    },
    /// A part of a MAC group was detached or attached elsewhere, and lost its MAC address by that.
    LoseMac {
        mac: usize,
    },
}

/// A deed, and the request that caused it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effect {
    pub(crate) at: Ms,
    pub(crate) origin: Origin,
    pub(crate) slot: usize,
    pub(crate) deed: Deed,
}
