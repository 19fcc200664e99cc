// What the clusters share: two hosts in network namespaces, on one bridge to the API and on another one to each other.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FlexibleIpClient } from '../../../pkg/index.js'
import { serveEmulator } from '../../../pkg/server.js'

export const root = join(import.meta.dirname, '../../..')
const guide = readFileSync(join(root, 'docs/guides/failover.md'), 'utf8')
export const zone = 'fr-par-1'
export const apiHost = '10.99.0.254'
export const secretKey = '33333333-3333-4333-8333-333333333333'

/** A file of the guide, as the guide prints it. */
export function fileOfGuide(path) {
  const at = guide.indexOf(`\n\`${path}\``)
  const block = /```\w*\n([^]*?)```/.exec(guide.slice(at))
  if (at < 0 || !block) throw new Error(`the guide has no file ${path}`)
  return block[1]
}

/** A line of the guide that root types, without the sign of the shell. */
export function guideLine(pattern) {
  const [line] = pattern.exec(guide) ?? []
  if (!line) throw new Error(`the guide has no line ${pattern}`)
  return line.replace(/^# /, '')
}

export function ip(...args) {
  const { status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`)
  return stdout
}

export function makeNetwork() {
  // With a MAC address from one of its ports, a bridge would change it when a host leaves.
  for (const [index, bridge] of ['api', 'private'].entries()) ip('link', 'add', bridge, 'address', `02:00:00:00:00:f${index}`, 'type', 'bridge')
  ip('address', 'add', `${apiHost}/24`, 'dev', 'api')
  for (const link of ['lo', 'api', 'private']) ip('link', 'set', link, 'up')
  for (const number of [1, 2]) {
    ip('netns', 'add', `h${number}`)
    for (const [index, bridge] of ['api', 'private'].entries()) {
      ip('link', 'add', `${bridge}${number}`, 'type', 'veth', 'peer', 'name', `eth${index}`, 'netns', `h${number}`)
      ip('link', 'set', `${bridge}${number}`, 'master', bridge, 'up')
      ip('-n', `h${number}`, 'address', 'add', `10.${99 - index}.0.${number}/24`, 'dev', `eth${index}`)
      ip('-n', `h${number}`, 'link', 'set', `eth${index}`, 'up')
    }
    ip('-n', `h${number}`, 'link', 'set', 'lo', 'up')
  }
}

/** The processes of a namespace. */
export function pidsOf(netns) {
  return ip('netns', 'pids', netns).split('\n').filter(Boolean).map(Number)
}

/** The API at `apiHost`, with the servers web-1 and web-2, and what it was asked. */
export async function serveApi() {
  const served = await serveEmulator({ host: apiHost, port: 4010, secretKey, seed: 1, timing: { attach: 2900, detach: 1600 }, servers: [{ zone, name: 'web-1' }, { zone, name: 'web-2' }] })
  const { emulator } = served
  const client = new FlexibleIpClient({ secretKey, fetch: emulator.fetch, defaultZone: zone, defaultProjectId: emulator.projectId })
  /** The changes that the service accepted since a request of the journal: attach and detach, with the server. */
  function changesSince(number) {
    return emulator.journal
      .filter((entry) => entry.number > number && entry.operation && /^(attach|detach)/.test(entry.operation) && isAccepted(entry))
      .map(({ operation, body }) => (operation.startsWith('attach') ? emulator.servers.find(({ id }) => id === JSON.parse(body).server_id)?.name : 'none'))
  }

  // A lost response has no status, and its work is done, except in the outage.
  function isAccepted({ status, fault }) {
    return status === undefined ? fault === 'dropAfter' : status < 300
  }

  function lastRequest() {
    return emulator.journal.at(-1)?.number ?? 0
  }
  return { served, emulator, client, changesSince, lastRequest }
}
