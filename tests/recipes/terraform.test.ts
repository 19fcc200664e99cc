// The script, the configuration and the pipelines of docs/guides/terraform.md, without Terraform's provider.
import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { createProject, root } from './support.js'

const guide = readFileSync(join(root, 'docs/guides/terraform.md'), 'utf8')
const blocks = (language: string): string[] => [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => code)
const [script = ''] = blocks('sh')

/** Stands in for Terraform: writes its arguments down, and at `apply` does what the configuration asks for. */
const terraform = `#!/usr/bin/env node
const { appendFileSync } = require('node:fs')
const { SCW_API_URL, SCW_SECRET_KEY, SCW_DEFAULT_PROJECT_ID, SCW_DEFAULT_ORGANIZATION_ID, SCW_DEFAULT_ZONE, TF_VAR_server_id } = process.env
const command = process.argv.slice(2).join(' ')
const send = async (method, path, body) => {
  const init = { method, headers: { 'X-Auth-Token': SCW_SECRET_KEY }, ...(body && { body: JSON.stringify(body) }) }
  const response = await fetch(SCW_API_URL + '/flexible-ip/v1alpha1/zones/' + SCW_DEFAULT_ZONE + '/fips' + path, init)
  if (!response.ok) process.exitCode = 1
  return response.json()
}
const main = async () => {
  if (!command.startsWith('apply')) return command
  const { id } = await send('POST', '', { project_id: SCW_DEFAULT_PROJECT_ID, server_id: TF_VAR_server_id })
  const { status, organization_id } = await send('GET', '/' + id)
  return [command, status, organization_id === SCW_DEFAULT_ORGANIZATION_ID].join(' ')
}
main().then((line) => appendFileSync('calls.txt', line + '\\n'))
`

test('the script leads Terraform to an emulator with the server, and ends the emulator', async () => {
  const port = await freePort()
  const folder = createProject({ 'test-terraform.sh': script.replaceAll('4010', String(port)) })
  mkdirSync(join(folder, 'node_modules/.bin'))
  symlinkSync(join(root, 'pkg/cli.js'), join(folder, 'node_modules/.bin/flexip'))
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin/terraform'), terraform)
  writeFileSync(join(folder, 'bin/package.json'), '{"type":"commonjs"}')
  chmodSync(join(folder, 'bin/terraform'), 0o755)

  await promisify(execFile)('sh', ['test-terraform.sh'], { cwd: folder, env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` } })
  const calls = readFileSync(join(folder, 'calls.txt'), 'utf8').trimEnd().split('\n')
  expect(calls).toEqual(['init', 'apply -auto-approve attached true', 'plan -detailed-exitcode', 'destroy -auto-approve'])
  // Port and files are free again: a second emulator can listen there.
  await expect(listen(port)).resolves.toBe(port)
})

test('both pipelines run the script', () => {
  const [github, gitlab] = blocks('yaml').map((text) => parse(text) as unknown)
  expect(github).toMatchObject({ jobs: { test: { steps: expect.arrayContaining([{ run: 'sh test-terraform.sh' }]) as unknown } } })
  expect(gitlab).toMatchObject({ test: { script: ['sh test-terraform.sh'] } })
})

const hasTerraform = spawnSync('terraform', ['version']).status === 0

test.skipIf(!hasTerraform)('the configuration is formatted as Terraform formats it', () => {
  const { status, stdout, stderr } = spawnSync('terraform', ['fmt', '-'], { input: blocks('hcl')[0], encoding: 'utf8' })
  expect([status, stdout], stderr).toEqual([0, blocks('hcl')[0]])
})

/** Listens on a port and stops. Resolves with the port. */
async function listen(port: number): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return bound
}

const freePort = () => listen(0)
