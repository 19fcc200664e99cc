// Tests that need programs in Go. npm run test:full -- go builds them, and sets FLEXIP_GO to their folder.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    // The tests write one file together.
    fileParallelism: false,
    testTimeout: 600_000,
  },
})
