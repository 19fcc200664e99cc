// Tests that need network namespaces and Debian's network tools. npm run test:full sets FLEXIP_NETWORK_TOOLS to their folder.
import { defineConfig } from 'vitest/config'
import shared from '../../vitest.config.js'

export default defineConfig({
  plugins: shared.plugins ?? [],
  test: {
    root: import.meta.dirname,
    fileParallelism: false,
    testTimeout: 600_000,
  },
})
