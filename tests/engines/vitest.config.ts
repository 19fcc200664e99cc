import { defineConfig } from 'vitest/config'

// The packages are made and the engine is started before the first test.
export default defineConfig({ test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false } })
