// flexip/slim: the client without WebAssembly within. The program brings flexip/flexip.wasm.
export * from '../index.js'
export { load } from './client-source.js'
export type { ModuleSource } from './slot.js'
