//! The status of a flexible IP, and the order of a list.

use super::words::words;

words! {
    /// What a flexible IP is doing.
    pub enum Status {
        /// A word that this version does not know.
        Unknown = "unknown",
        /// Not attached, free to be.
        Ready = "ready",
        /// Being attached, or its virtual MAC address is being written.
        Updating = "updating",
        /// Attached to a server.
        Attached = "attached",
        /// An operation on it failed.
        Error = "error",
        /// Being detached, on its own account or because its server or itself is deleted.
        Detaching = "detaching",
        /// Locked by the service.
        Locked = "locked",
    }
}

impl Status {
    /// Whether the service is still at work on it.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Updating | Self::Detaching)
    }
}

words! {
    /// The order of a list. The date is the pooled address's, not that of your order.
    pub enum ListOrder {
        /// Oldest address first: the service's default.
        CreatedAtAsc = "created_at_asc",
        /// Youngest address first.
        CreatedAtDesc = "created_at_desc",
    }
}
