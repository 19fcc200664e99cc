// Tests that need Python. npm run test:full runs them, and sets FLEXIP_PYTHON to its path.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    exclude: ['go/**', 'terraform/**'],
    testTimeout: 600_000,
  },
})
