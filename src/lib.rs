//! Client and emulator of the Scaleway Flexible IP API.
//!
//! Two halves over one model. The **client** checks a request, sends it, and says what came of it;
//! the **emulator** answers requests as the service was seen to answer. Neither does any I/O: in
//! WebAssembly the room `wasm` binds them to `fetch` and timers, and the TypeScript in `js/` makes
//! them a library.
//!
//! ```text
//! model ─▶ wire ─▶ error ─▶ ops, policy ─▶ flow ─▶ wasm ─▶ js/        arrows: may be used by
//!             └──▶ emulator ────────────────────────┘
//! ```
//!
//! Client and emulator share `model` and `wire` and nothing else, so that no mistake of one can hide
//! behind the same mistake of the other.

#[cfg(feature = "emulator")]
pub mod emulator;
pub mod error;
pub mod flow;
pub mod model;
pub mod ops;
pub mod policy;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod wire;
