//! One operation: its preflight, its request, and its readback.

mod flow;

pub use flow::OperationFlow;

#[cfg(test)]
mod tests;
