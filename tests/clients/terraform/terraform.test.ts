// Terraform or OpenTofu with the Scaleway provider, unchanged, against the emulator on a port.
import { execFile } from 'node:child_process'
import { expect, test } from 'vitest'
import { type Ready, start } from '../../server/support/served.js'
import { Answers } from '../answers.js'

const { FLEXIP_TERRAFORM: program, FLEXIP_TERRAFORM_FOLDER: folder } = process.env
if (!program || !folder) throw new Error('Run npm run test:long -- terraform: it finds Terraform and installs the provider.')

interface Ip {
  description: string
  tags: string[]
  reverse: string
  status: string
  server_id?: string | null
  mac_id?: string | null
}

/** Terraform with the variables that lead the provider to the emulator. */
function terraformFor({ url, secretKey, projectId, organizationId }: Ready) {
  const env = {
    PATH: process.env.PATH ?? '',
    SCW_API_URL: url,
    SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX',
    SCW_SECRET_KEY: secretKey,
    SCW_DEFAULT_PROJECT_ID: projectId,
    SCW_DEFAULT_ORGANIZATION_ID: organizationId,
    SCW_DEFAULT_REGION: 'fr-par',
    SCW_DEFAULT_ZONE: 'fr-par-1',
  }
  const run = (...args: string[]) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      execFile(program as string, args, { cwd: folder as string, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, output: stdout + stderr })
      })
    })
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, output } = await run(...args)
    expect(code, output).toBe(0)
    return output
  }
  const snapshot = async () => (await (await fetch(`${url}/_emulator/snapshot`)).json()) as { state: { ips: Record<string, Ip>; groups: Record<string, { members: string[] }> } }
  return { run, succeed, state: async () => (await snapshot()).state }
}

test('Terraform plans, applies, changes, imports and destroys flexible IPs and MAC addresses', async () => {
  const ready = await start('--server', 'fr-par-1/web-1', '--server', 'fr-par-1/web-2')
  const [first, second] = ready.servers.map(({ id }) => id)
  const { succeed, state } = terraformFor(ready)
  const variables: Record<string, unknown> = { server_id: first }
  const vars = () => Object.entries(variables).map(([name, value]) => `-var=${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  /** Applies a change. The plan after it is empty. */
  const apply = async (change: Record<string, unknown>) => {
    Object.assign(variables, change)
    await succeed('apply', '-no-color', '-auto-approve', ...vars())
    await succeed('plan', '-no-color', '-detailed-exitcode', ...vars())
    const { ips, groups } = await state()
    const named = Object.entries(ips).map(([id, ip]) => ({ id, ...ip }))
    const mail = named.find(({ description }) => description !== 'web')
    const web = named.find(({ description }) => description === 'web')
    return { mail, web, groups }
  }

  const made = await apply({})
  expect(made.mail).toMatchObject({ description: 'mail', tags: ['a'], status: 'attached', server_id: first })
  expect(made.mail?.mac_id).toBeDefined()
  expect(made.web).toMatchObject({ status: 'attached', server_id: first })
  expect(JSON.parse(await succeed('output', '-json'))).toMatchObject({ on_server: { value: 2 } })

  const changed = await apply({ description: 'post', tags: ['b', 'c'], reverse: 'mail.example.com.' })
  expect(changed.mail).toMatchObject({ description: 'post', tags: ['b', 'c'], reverse: 'mail.example.com.' })
  const duplicated = await apply({ is_duplicated: true })
  expect(duplicated.web?.mac_id).toBe(duplicated.mail?.mac_id)
  const single = await apply({ is_duplicated: false })
  expect(single.web?.mac_id ?? null).toBeNull()
  const moved = await apply({ is_moved: true })
  expect([moved.mail?.mac_id ?? null, moved.web?.mac_id]).toEqual([null, made.mail?.mac_id])
  const relocated = await apply({ server_id: second })
  expect([relocated.mail?.server_id, relocated.web?.server_id]).toEqual([second, second])

  await succeed('state', 'rm', '-no-color', 'scaleway_flexible_ip.web')
  await succeed('import', '-no-color', ...vars(), 'scaleway_flexible_ip.web', `fr-par-1/${relocated.web?.id ?? ''}`)
  await succeed('destroy', '-no-color', '-auto-approve', ...vars())
  expect((await state()).ips).toEqual({})

  const answers = new Answers()
  const journal = await answers.read(ready.url)
  expect(journal.filter(({ unmatched }) => unmatched)).toEqual([])
  // The provider names a MAC address where its flexible IP belongs, and takes the 404 for success.
  const deletes = journal.filter(({ method, target }) => method === 'DELETE' && target.endsWith(`/${made.mail?.mac_id ?? ''}/mac`))
  expect(deletes.map(({ status }) => status)).toEqual([404])
  answers.expectAsDocumented('Terraform provider 2.82.0')
})
