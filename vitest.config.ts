import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// As in the build: the import of a .wasm is its hexadecimal text.
const wasmAsHex = {
  name: 'wasm-as-hex',
  enforce: 'pre' as const,
  load(id: string) {
    if (!id.endsWith('.wasm')) return
    return `export default ${JSON.stringify(readFileSync(id, 'hex'))}`
  },
}

export default defineConfig({
  plugins: [wasmAsHex],
  test: {
    include: ['tests/{js,cli,server,recipes,types,packaging,browser}/**/*.test.ts'],
    // No test waits for time to pass; a property of 1,000 runs takes seconds on a busy machine.
    testTimeout: 60_000,
  },
})
