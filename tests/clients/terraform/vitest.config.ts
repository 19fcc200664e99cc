// The test that needs Terraform with its Scaleway provider. npm run test:long -- terraform sets FLEXIP_TERRAFORM to the
// program, and FLEXIP_TERRAFORM_FOLDER to a folder where the provider is installed.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    testTimeout: 1_800_000,
  },
})
