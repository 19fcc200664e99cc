//! Why a fault rule is refused.

/// Why a fault rule is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FaultError {
    /// The text is not JSON, or not a rule.
    #[error("the fault cannot be read: {0}")]
    Unreadable(String),
    /// A rule of a list is refused.
    #[error("rule {0} of the list: {1}")]
    InList(u32, Box<Self>),
    /// The operation is unknown.
    #[error("there is no operation {0:?}")]
    NoOperation(String),
    /// The counters of a rule contradict each other.
    #[error("the counters of fault rule {0} contradict each other")]
    Miscounted(u32),
    /// No flexible IPs are sold in this zone.
    #[error("no flexible IPs are sold in zone {0:?}")]
    NoZone(String),
    /// The id is not a UUID.
    #[error("fipId must be a UUID; found {0:?}")]
    NoId(String),
    /// The path of the operation contains no id.
    #[error("the path of {0} names no flexible IP: a fault of it cannot have a fipId")]
    NoIdInPath(String),
    /// `nth` is 0.
    #[error("nth is counted from 1; found 0")]
    NoNth,
    /// The probability is not within 0 and 1.
    #[error("a probability is within 0 and 1: {0}")]
    NoProbability(f64),
    /// The status is not one that a response can have.
    #[error("a response's status is within 200 and 599: {0}")]
    NoStatus(u16),
    /// The status is of a response without a body, and a body is set.
    #[error("a response with status {0} has no body: allowed is a body with any other status")]
    Bodiless(u16),
    /// The delay is longer than the maximum.
    #[error("a delay is at most 2147483647 milliseconds; found {0}")]
    LongDelay(u64),
    /// A 401 would come after the work.
    #[error("a 401 says that the request was not authenticated: it cannot come after the work")]
    DeniedAfter,
    /// The header has an invalid name or value.
    #[error("{0:?} is no header: a name has letters, digits and -, a value no control characters")]
    NoHeader(String),
    /// A number of the gate is outside its range.
    #[error(
        "a gate's perSecond is above 0 (at least 0.000001) and at most 1000000, its burst at least 1: {0}, {1}"
    )]
    NoGate(f64, u32),
    /// The max of a delay is below its min.
    #[error("the max of a delay is not below its min: {0}, {1}")]
    NoSpan(u64, u64),
    /// The drip has no pieces.
    #[error("a drip has at least 1 piece; found 0")]
    NoPieces,
    /// The body has no chunks.
    #[error("chunked is the number of chunks, at least 1; found 0")]
    NoChunks,
    /// The status of a `retryAfter` is not that of a refusal or a redirect.
    #[error("the status of retryAfter is within 300 and 599, and not 304 or 401; found {0}")]
    NoRetryStatus(u16),
    /// The ids of rules in a snapshot are not in order.
    #[error("the ids of fault rules ascend from 1, and none is above the last id")]
    NoRuleIds,
    /// The fault does nothing to this operation.
    #[error("{0} cannot be injected into {1}: it is for {2}")]
    NoEffect(&'static str, &'static str, &'static str),
    /// The status of a late response is not that of a failed server or gateway.
    #[error("the status of late is within 500 and 599: {0}")]
    NoLateStatus(u16),
    /// A flap has no length, or two.
    #[error("a flap has either forMs or calls, and it is at least 1")]
    NoFlap,
    /// An id in a tear is not a UUID.
    #[error("the fipsIds of a tear must be UUIDs; found {0:?}")]
    NoTearId(String),
    /// A tear has both ids and a share.
    #[error("a tear has either fipsIds or a share")]
    NoTear,
    /// A shift or an offset is 0.
    #[error("{0} is a whole number other than 0")]
    NoOffset(&'static str),
    /// The status cannot come with a page.
    #[error(
        "the status of a portal is within 200 and 599, and not 204, 205 or 304, which have no body"
    )]
    NoPortal,
    /// The rules have too many bytes.
    #[error("all fault rules together have {0} bytes as JSON; allowed are {1}")]
    TooLarge(usize, usize),
}
