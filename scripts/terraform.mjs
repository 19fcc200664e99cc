// Terraform or OpenTofu, with the Scaleway provider installed in build/terraform/.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { output, root } from './run.mjs'

const folder = join(root, 'build/terraform')

/** The environment variables by which the test finds Terraform and the provider; or the reason why there is none. */
export function terraform() {
  const program = ['tofu', 'terraform'].find((name) => output(name, ['version']))
  if (!program) return { reason: 'there is neither OpenTofu nor Terraform' }
  for (const left of ['terraform.tfstate', 'terraform.tfstate.backup']) rmSync(join(folder, left), { force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(join(root, 'tests/clients/terraform/main.tf'), join(folder, 'main.tf'))
  const { status, stderr } = spawnSync(program, ['init', '-no-color', '-input=false'], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) {
    console.log(stderr.trim())
    return { reason: `${program} init did not get the Scaleway provider` }
  }
  return { env: { FLEXIP_TERRAFORM: program, FLEXIP_TERRAFORM_FOLDER: folder } }
}
