//! The arguments of a move.

use crate::error::problem::Reason;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::zone::Zone;
use crate::ops::arguments::Reader;

/// Which flexible IPs move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// These flexible IPs.
    Ids(Vec<FlexibleIpId>),
    /// All flexible IPs of the source.
    OnSource,
}

/// How a flexible IP leaves a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// It is detached, and then attached. The service is known to allow this.
    Detach,
    /// It is attached to the target without a detach.
    Direct,
}

/// The checked arguments of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// The client's method.
    pub name: &'static str,
    /// The zone of the flexible IPs.
    pub zone: Zone,
    /// Which flexible IPs move.
    pub selection: Selection,
    /// Of a failover: the server that they leave. A flexible IP on a third server is left there.
    pub source: Option<ServerId>,
    /// The server that they move to.
    pub target: ServerId,
    /// How they leave a server.
    pub strategy: Strategy,
    /// Whether what the target refuses stays on no server, in place of going back.
    pub stays: bool,
    /// Whether the result is the plan, and nothing changes.
    pub is_dry_run: bool,
}

impl Relocation {
    /// Reads `{ zone?, fipsIds, serverId, strategy?, onRefusal?, dryRun? }`.
    pub fn read_ensure(reader: &mut Reader<'_>) -> Option<Self> {
        let zone = reader.zone();
        let ids = reader.flexible_ip_ids("fipsIds");
        let target: Option<ServerId> = reader.id("serverId");
        let (strategy, stays, is_dry_run) = Self::read_options(reader);
        Some(Self {
            name: "ensureAttached",
            zone: zone?,
            selection: Selection::Ids(ids?),
            source: None,
            target: target?,
            strategy,
            stays,
            is_dry_run,
        })
    }

    /// Reads `{ zone?, fromServerId, toServerId, fipsIds?, strategy?, onRefusal?, dryRun? }`.
    pub fn read_failover(reader: &mut Reader<'_>) -> Option<Self> {
        let zone = reader.zone();
        let source: Option<ServerId> = reader.id("fromServerId");
        let target: Option<ServerId> = reader.id("toServerId");
        if source.is_some() && source == target {
            reader.refuse(
                "toServerId",
                Reason::Constraint,
                "value must be another server than fromServerId",
            );
        }
        let selection = if reader.argument("fipsIds").is_some() {
            reader.flexible_ip_ids("fipsIds").map(Selection::Ids)
        } else {
            Some(Selection::OnSource)
        };
        let (strategy, stays, is_dry_run) = Self::read_options(reader);
        let (zone, selection) = (zone?, selection?);
        let (source, target) = (Some(source?), target?);
        let name = "failover";
        Some(Self { name, zone, selection, source, target, strategy, stays, is_dry_run })
    }

    fn read_options(reader: &mut Reader<'_>) -> (Strategy, bool, bool) {
        let is_direct = reader.optional_word("strategy", &["detach", "direct"]) == Some("direct");
        let strategy = if is_direct { Strategy::Direct } else { Strategy::Detach };
        let stays = reader.optional_word("onRefusal", &["return", "stay"]) == Some("stay");
        (strategy, stays, reader.boolean("dryRun").unwrap_or_default())
    }

    /// The argument that names the target.
    pub(super) const fn target_field(&self) -> &'static str {
        if self.source.is_some() { "toServerId" } else { "serverId" }
    }

    /// Whether the move takes flexible IPs off this server.
    pub(super) fn may_leave(&self, server: ServerId) -> bool {
        server == self.target || self.source.is_none_or(|source| source == server)
    }
}
