// Tests that need Python: run by npm run test:full, which says where it is.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    testTimeout: 600_000,
  },
})
