import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The tests of single modules of the console use the built package, as the console does.
  resolve: { alias: { 'flexip/slim': join(import.meta.dirname, '../../pkg/slim.js') } },
  // In CI a test of a whole browser may be tried twice: on a slow day the browser itself stalls. The report marks each that needed it.
  test: { retry: process.env.CI ? 1 : 0, root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2, expect: { poll: { timeout: 20_000 } } },
})
