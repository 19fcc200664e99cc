//! What the facade passes with a call.

/// A call that begins.
pub struct Start<'a> {
    /// The number of the client.
    pub client: u32,
    /// The client's method.
    pub method: &'a str,
    /// How a list is read: `all`, `pages`, or empty for a call that is no walk.
    pub reads: &'a str,
    /// The request, as `value` reads it.
    pub request: &'a str,
    /// The options of the call; empty if there are none.
    pub options: &'a str,
    /// Replaces the zone of the request, if it is not empty.
    pub zone: &'a str,
}

/// What the facade knows of the client when it passes an input.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The time of a clock that never goes back.
    pub now: f64,
    /// The tokens of the client's retry budget.
    pub tokens: u32,
    /// The plain calls that have succeeded since the tokens were returned.
    pub successes: u32,
}
