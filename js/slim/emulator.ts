// flexip/emulator/slim: the emulator without WebAssembly within. The program brings flexip/emulator.wasm.
export * from '../emulator.js'
export { load } from './emulator-source.js'
export type { ModuleSource } from './slot.js'
