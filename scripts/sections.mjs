// Reads the sections of a WebAssembly module.

/** The name and the size of each function that a module defines; the names are empty without a name section. */
export function functions(wasm) {
  const names = new Map()
  let imported = 0
  let bodies = []
  for (const { id, reader, end } of sections(wasm)) {
    if (id === 2) imported = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).filter(({ kind }) => kind === 'function').length
    if (id === 10) bodies = readBodies(reader)
    if (id === 0 && text(reader) === 'name') readNames(reader, end, names)
  }
  return bodies.map((size, place) => [names.get(imported + place) ?? '', size])
}

/** The first value of the first global, which is the top of the stack, and the address of the first data. */
export function memoryLayout(wasm) {
  const layout = {}
  for (const { id, reader } of sections(wasm)) {
    // The number of globals, the type and whether it changes, then i32.const.
    if (id === 6) layout.stack = number({ wasm, at: reader.at + 4 })
    // The number of segments and the kind of the first, then i32.const.
    if (id === 11) layout.data = number({ wasm, at: reader.at + 3 })
  }
  return layout
}

function* sections(wasm) {
  const reader = { wasm, at: 8 }
  while (reader.at < wasm.length) {
    const id = wasm[reader.at++]
    const end = number(reader) + reader.at
    yield { id, reader, end }
    reader.at = end
  }
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
