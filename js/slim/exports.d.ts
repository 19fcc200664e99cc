// The names that a WebAssembly module exports, with commas between them: scripts/build-js.mjs reads them from the file.
declare module '*.wasm?exports' {
  const names: string
  export default names
}
