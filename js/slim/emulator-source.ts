// The module of the emulator, where it is not within.
import exported from '../../build/emulator/flexip_bg.wasm?exports'
import { type ModuleSource, createSlot } from './slot.js'

const slot = /* @__PURE__ */ createSlot('flexip/emulator/slim', 'flexip/emulator.wasm', exported)

/** Gives the module or its bytes, for the core. */
export const source = (): object => slot.source()

/** Sets the module. */
export const setSource = (module: object): void => slot.set(module)

/**
 * Sets the WebAssembly module: the URL of `flexip/emulator.wasm`, a `Response` with it, its bytes, or a
 * `WebAssembly.Module`. Bytes and a module are set when it returns; anything else when its promise resolves.
 * Rejects with a `ConfigurationError` if the file cannot be loaded, or is another file.
 */
export function load(wasm: ModuleSource): Promise<void> {
  return slot.load(wasm)
}
