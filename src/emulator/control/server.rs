//! A server as `Emulator::servers` returns it.

use crate::model::id::ServerId;
use crate::model::zone::Zone;

/// An Elastic Metal server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The id.
    pub id: ServerId,
    /// The name.
    pub name: String,
    /// The zone.
    pub zone: Zone,
    /// Whether it is being deleted.
    pub is_deleting: bool,
}
