import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { encodeModule } from './scripts/module-text.mjs'

// As in the build: the import of a .wasm is its text.
const wasmAsText = {
  name: 'wasm-as-text',
  enforce: 'pre' as const,
  load(id: string) {
    if (!id.endsWith('.wasm')) return
    return `export default ${JSON.stringify(encodeModule(readFileSync(id)))}`
  },
}

export default defineConfig({
  plugins: [wasmAsText],
  test: {
    include: ['tests/{js,cli,server,recipes,types,packaging,browser}/**/*.test.ts'],
    // No test waits for time to pass; a property of 1,000 runs takes seconds on a busy machine.
    testTimeout: 60_000,
    // Vitest leaves one processor free, which on two would take twice as long.
    maxWorkers: '100%',
  },
})
