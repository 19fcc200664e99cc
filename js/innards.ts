// What the package's own files may see of an emulator. It is no part of what is exported.
import type { Emulation } from './emulation.js'

const known = /* @__PURE__ */ new WeakMap<object, Emulation>()

export function showInnards(emulator: object, emulation: Emulation): void {
  known.set(emulator, emulation)
}

export function innardsOf(emulator: object): Emulation {
  const emulation = known.get(emulator)
  if (!emulation) throw new TypeError('this is no emulator')
  return emulation
}
