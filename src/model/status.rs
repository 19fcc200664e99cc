//! The status of a flexible IP, and the order of a list.

use super::words::words;

words! {
    /// The status of a flexible IP.
    pub enum Status {
        /// The API's word for an unknown status.
        Unknown = "unknown",
        /// Not attached to a server.
        Ready = "ready",
        /// Being attached, or its virtual MAC address is being written.
        Updating = "updating",
        /// Attached to a server.
        Attached = "attached",
        /// An operation on the flexible IP failed.
        Error = "error",
        /// Being detached, by a request or because the flexible IP or its server is deleted.
        Detaching = "detaching",
        /// Locked by the service.
        Locked = "locked",
    }
}

impl Status {
    /// Whether a transition is under way.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Updating | Self::Detaching)
    }
}

words! {
    /// The order of a list, by the dates at which the pooled addresses were created.
    pub enum ListOrder {
        /// The oldest address first, which is the service's default.
        CreatedAtAsc = "created_at_asc",
        /// The newest address first.
        CreatedAtDesc = "created_at_desc",
    }
}
