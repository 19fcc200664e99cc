import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// As in the build: the import of a .wasm is its base64 text.
const wasmAsBase64 = {
  name: 'wasm-as-base64',
  enforce: 'pre' as const,
  load(id: string) {
    if (!id.endsWith('.wasm')) return
    return `export default ${JSON.stringify(readFileSync(id, 'base64'))}`
  },
}

export default defineConfig({
  plugins: [wasmAsBase64],
  test: {
    include: ['tests/{js,types,packaging,browser}/**/*.test.ts'],
    // No test waits for time to pass; a property of 1,000 runs takes seconds on a busy machine.
    testTimeout: 60_000,
  },
})
