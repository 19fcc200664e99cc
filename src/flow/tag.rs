//! What names a request, a sleep, and a body on the JavaScript side.

/// The name of a request or a sleep, unique within its machine.
pub type Tag = usize;

/// Where the body of a flexible IP is: in a response that the driver retains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyRef {
    /// The request whose response holds the body.
    pub tag: Tag,
    /// The index in the response's list; none if the response is the flexible IP itself.
    pub item: Option<usize>,
}
