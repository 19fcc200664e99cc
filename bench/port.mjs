// The emulator on a port compared with a bare node:http server that sends the same bytes, in requests per second over loopback.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { figure, median } from './figure.mjs'
import { requestsPerSecond } from './load.mjs'

const cli = new URL('../pkg/cli.js', import.meta.url).pathname
const bare = new URL('bare-server.mjs', import.meta.url).pathname
const fips = '/flexible-ip/v1alpha1/zones/fr-par-1/fips'
const load = { connections: 32, ms: 500 }

/** `aim`: the smallest ratio to the bare server's requests per second. With `data`, each change is on disk before its response. */
const cases = [
  { name: 'GET one', aim: 0.7, request: ({ id }) => ['GET', `${fips}/${id}`] },
  { name: 'GET 20', aim: 0.6, request: () => ['GET', `${fips}?page_size=20`] },
  { name: 'PATCH', aim: 0.6, request: ({ id }) => ['PATCH', `${fips}/${id}`, { description: 'mail relay', tags: ['prod'] }] },
  { name: 'PATCH on disk', data: true, request: ({ id }) => ['PATCH', `${fips}/${id}`, { description: 'mail relay', tags: ['prod'] }] },
]

/** Returns the figure of each case. */
export async function port({ rounds = 7 } = {}) {
  const results = []
  for (const { name, aim, data, request } of cases) {
    const folder = mkdtempSync(join(tmpdir(), 'flexip-bench-'))
    const processes = []
    try {
      const ours = await start(processes, [cli, 'emulator', '--port', '0', '--json', ...(data ? ['--data', join(folder, 'state.json')] : [])])
      const sent = wire(ours, request(await twentyIps(ours)))
      const other = await start(processes, [bare], JSON.stringify(await sample(ours, sent)))
      const rates = { ours: [], other: [] }
      for (let round = -1; round < rounds; round++) {
        for (const [name, { url }] of [['ours', ours], ['other', other]]) {
          const rate = await requestsPerSecond(url, sent.text, load)
          // The first round is the warm-up.
          if (round >= 0) rates[name].push(rate)
        }
      }
      const [one, two] = [median(rates.ours), median(rates.other)]
      results.push(figure({ name, ours: one, other: two, unit: 'requests/s', atLeast: aim }))
    } finally {
      for (const child of processes) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return results
}

async function start(processes, args, input = '') {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  processes.push(child)
  child.stdin.end(input)
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return JSON.parse(line)
}

async function twentyIps({ url, secretKey, projectId }) {
  let id
  for (let number = 0; number < 20; number++) {
    const response = await fetch(url + fips, { method: 'POST', headers: { 'X-Auth-Token': secretKey }, body: JSON.stringify({ project_id: projectId, description: `mail relay ${number}`, tags: ['prod'] }) })
    ;({ id } = await response.json())
  }
  return { id }
}

/** A request with the headers that a client on Node sends. */
function wire({ url, secretKey }, [method, path, body]) {
  const text = body ? JSON.stringify(body) : ''
  const headers = { 'X-Auth-Token': secretKey, Accept: 'application/json', 'User-Agent': 'flexip-bench', ...(body && { 'Content-Type': 'application/json' }) }
  const lines = Object.entries({ Host: new URL(url).host, ...headers, ...(body && { 'Content-Length': text.length }) }).map(([name, value]) => `${name}: ${value}\r\n`)
  return { method, path, headers, body: text || undefined, text: `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}` }
}

/** The response of the emulator to the request, for the bare server to repeat. */
async function sample({ url }, { method, path, headers, body }) {
  const response = await fetch(url + path, { method, headers, ...(body && { body }) })
  const text = await response.text()
  const headersToSend = [...response.headers].filter(([name]) => !['connection', 'keep-alive'].includes(name))
  return { status: response.status, headers: headersToSend, body: text }
}
