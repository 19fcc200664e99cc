//! Client and emulator of the Scaleway Flexible IP API.
//!
//! The **client** checks requests, decides when to send and to retry them, and returns their
//! outcome. The **emulator** responds to requests as the service does, as far as recordings show
//! it. Neither does any I/O: in WebAssembly the rooms `edge` and `wasm` connect them to `fetch` and timers,
//! and the TypeScript in `js/` makes a library of them. For front-ends in Rust, the feature `web` has a
//! client that needs no TypeScript: `flexip::web::Client`.
//!
//! ```text
//! model ─▶ wire ─▶ error ─▶ ops, policy ─▶ flow ─▶ edge ─▶ wasm ─▶ js/        arrows: may be used by
//!             └──▶ emulator ────────────────────────────────┘
//!                                            edge ─▶ web: front-ends in Rust
//! ```
//!
//! Client and emulator share only `model` and `wire`. A test of one against the other therefore
//! finds a mistake that only one of them makes.

#[cfg(any(feature = "client", all(target_arch = "wasm32", feature = "web")))]
pub mod edge;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod error;
pub mod flow;
pub mod model;
pub mod ops;
pub mod policy;
#[cfg(all(target_arch = "wasm32", any(feature = "client", feature = "emulator")))]
pub mod wasm;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod web;
pub mod wire;

#[cfg(all(
    target_arch = "wasm32",
    feature = "client",
    not(feature = "emulator"),
    not(feature = "web")
))]
#[global_allocator]
static ALLOCATOR: flexip_alloc::Allocator<flexip_alloc::WasmPages> =
    flexip_alloc::Allocator::new(flexip_alloc::WasmPages);
