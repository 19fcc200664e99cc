// The bytes of code in a WebAssembly module, by the room that each function is of.
// Needs a module with a name section.
import { functions } from './sections.mjs'

/** Bytes of function bodies by room, largest first; code of libraries by crate. */
export function bytesByRoom(wasm) {
  const sizes = new Map()
  for (const [name, size] of functions(wasm)) {
    const room = roomOf(name)
    sizes.set(room, (sizes.get(room) ?? 0) + size)
  }
  return new Map([...sizes].sort(([, a], [, b]) => b - a))
}

/** `flow` for `<flexip::flow::poller::Poller as core::fmt::Debug>::fmt`, `core` for `core::fmt::write`. */
export function roomOf(mangled) {
  // The compiler adds a number to the name of each crate.
  const name = mangled.replace(/\[[0-9a-f]+\]/g, '')
  const own = name.match(/\bflexip::(\w+)/)
  if (own) return own[1]
  return name.match(/\b(core|alloc|std|flexip_alloc|dlmalloc|compiler_builtins|wasm_bindgen\w*|js_sys|serde\w*|tsify|hashbrown)::/)?.[1] ?? 'exports and others'
}
