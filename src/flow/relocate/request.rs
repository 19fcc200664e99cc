//! What a move is asked to be.

use crate::error::problem::Reason;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::zone::Zone;
use crate::ops::arguments::Reader;

/// Who is to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// These.
    Ids(Vec<FlexibleIpId>),
    /// Those on this server, and these if they are on none.
    On(ServerId, Vec<FlexibleIpId>),
}

/// How an IP leaves a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// It is detached, and attached when it is free: what was seen to work.
    Detach,
    /// It is attached to the new server at once.
    Direct,
}

/// A move, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// The client's method.
    pub name: &'static str,
    /// Where.
    pub zone: Zone,
    /// Who.
    pub who: Selection,
    /// Whereto.
    pub to: ServerId,
    /// How.
    pub strategy: Strategy,
    /// Whether only to say what would be done.
    pub dry_run: bool,
}

impl Relocation {
    /// Reads `{ zone?, fipsIds, serverId, strategy? }`.
    pub fn read_ensure(reader: &mut Reader<'_>) -> Option<Self> {
        let zone = reader.zone();
        let ids = reader.flexible_ip_ids("fipsIds");
        let to: Option<ServerId> = reader.id("serverId");
        let (strategy, dry_run) = Self::read_how(reader);
        Some(Self {
            name: "ensureAttached",
            zone: zone?,
            who: Selection::Ids(ids?),
            to: to?,
            strategy,
            dry_run,
        })
    }

    /// Reads `{ zone?, fromServerId, toServerId, fipsIds?, strategy?, dryRun? }`. `unfinished` are
    /// those that an earlier try left on no server.
    pub fn read_failover(reader: &mut Reader<'_>, unfinished: Vec<FlexibleIpId>) -> Option<Self> {
        let zone = reader.zone();
        let from: Option<ServerId> = reader.id("fromServerId");
        let to: Option<ServerId> = reader.id("toServerId");
        if from.is_some() && from == to {
            reader.refuse(
                "toServerId",
                Reason::Constraint,
                "value must be another server than fromServerId",
            );
        }
        let named = reader.argument("fipsIds").is_some();
        let ids = if named { reader.flexible_ip_ids("fipsIds") } else { Some(unfinished) };
        let (strategy, dry_run) = Self::read_how(reader);
        let ids = ids?;
        let who = if named { Selection::Ids(ids) } else { Selection::On(from?, ids) };
        from?;
        Some(Self { name: "failover", zone: zone?, who, to: to?, strategy, dry_run })
    }

    fn read_how(reader: &mut Reader<'_>) -> (Strategy, bool) {
        let direct = reader.optional_word("strategy", &["detach", "direct"]) == Some("direct");
        let strategy = if direct { Strategy::Direct } else { Strategy::Detach };
        (strategy, reader.boolean("dryRun").unwrap_or_default())
    }
}
