// The bytes of code in a WebAssembly module, by the room that each function is of.
// Needs a module with a name section.

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
export function roomOf(name) {
  const own = name.match(/\bflexip::(\w+)/)
  if (own) return own[1]
  return name.match(/\b(core|alloc|std|dlmalloc|compiler_builtins|wasm_bindgen\w*|js_sys|serde\w*|tsify|hashbrown)::/)?.[1] ?? 'exports and others'
}

/** The name and the size of each function that the module defines. */
function functions(wasm) {
  const reader = { wasm, at: 8 }
  const names = new Map()
  let imported = 0
  let bodies = []
  while (reader.at < wasm.length) {
    const id = wasm[reader.at++]
    const end = number(reader) + reader.at
    if (id === 2) imported = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).filter(({ kind }) => kind === 'function').length
    if (id === 10) bodies = readBodies(reader)
    if (id === 0 && text(reader) === 'name') readNames(reader, end, names)
    reader.at = end
  }
  return bodies.map((size, place) => [names.get(imported + place) ?? '', size])
}

function readBodies(reader) {
  return Array.from({ length: number(reader) }, () => {
    const size = number(reader)
    reader.at += size
    return size
  })
}

function readNames(reader, end, names) {
  while (reader.at < end) {
    const id = reader.wasm[reader.at++]
    const next = number(reader) + reader.at
    if (id === 1) for (let count = number(reader); count > 0; count--) names.set(number(reader), text(reader))
    reader.at = next
  }
}

/** An unsigned LEB128 number. */
function number(reader) {
  let value = 0
  for (let factor = 1; ; factor *= 128) {
    const byte = reader.wasm[reader.at++]
    value += (byte & 127) * factor
    if (byte < 128) return value
  }
}

function text(reader) {
  const size = number(reader)
  return reader.wasm.toString('utf8', reader.at, (reader.at += size))
}
