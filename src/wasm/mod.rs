//! The exports of the WebAssembly modules: the only room that knows `wasm-bindgen`. It decides nothing.
//!
//! Nothing here may panic: an instance that has trapped cannot be used any more.
//!
//! | file | what it does |
//! |---|---|
//! | `client` | the exports of the module `client` |
//! | `types` | the public TypeScript types: requests, results |
//! | `emulator` | the exports of the module `emulator` |

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "emulator")]
pub mod emulator;
#[cfg(feature = "types")]
pub mod types;
