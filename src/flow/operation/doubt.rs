//! An outcome that is unknown, and the tags of the machine.

use crate::error::Error;
use crate::flow::tag::Tag;
use crate::model::time::Millis;

/// The tag of the operation's own request.
pub(super) const OWN: Tag = 0;
/// The tag of the list that finds the flexible IP of an idempotency key.
pub(super) const LOOKUP: Tag = 1;
/// The tag of the first read before the request.
pub(super) const PREFLIGHT: Tag = 2;
/// Names an exchange of an earlier attempt, of which the driver retains nothing.
pub(super) const EARLIER: Tag = 998;
/// The tag of the sleep before the next readback.
pub(super) const INTERVAL: Tag = 999;

/// An outcome that is unknown.
pub(super) struct Doubt {
    /// The error of the last attempt: why the outcome is unknown, or a refusal of a later attempt.
    pub(super) error: Error,
    /// When the last attempt ended whose outcome is unknown. Its effect may show until the settling
    /// time has passed since then.
    pub(super) since: Millis,
    /// When the last readback was sent. A slow response to it is about that moment, not about now.
    pub(super) read_at: Millis,
    /// Whether a flexible IP was written since the first attempt, so that a refusal proves nothing.
    pub(super) is_touched: bool,
    /// Whether the request may be sent again.
    pub(super) may_resend: bool,
}
