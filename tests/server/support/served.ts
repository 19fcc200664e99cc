// An emulator on a port, in a separate process.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

export const cli = join(import.meta.dirname, '../../../pkg/cli.js')

export interface Ready {
  url: string
  secretKey: string
  projectId: string
  organizationId: string
  servers: { id: string; name: string; zone: string }[]
}

/** Starts a process of the command. `errors` returns what it wrote to stderr. */
export function spawnCli(args: string[], env: Record<string, string> = {}) {
  return spawnScript(cli, args, env)
}

/** Starts a process of a script for Node. */
export function spawnScript(script: string, args: string[], env: Record<string, string> = {}): ChildProcess & { errors: () => string; ended: Promise<{ code: number | null; signal: string | null }> } {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let errors = ''
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()))
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as string | null }))
  return Object.assign(child, { errors: () => errors, ended })
}

/** Resolves with the line of JSON that the process prints when it is ready. Rejects with its errors when it exits before. */
export async function whenReady(child: ReturnType<typeof spawnCli>): Promise<Ready> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const line = once(lines, 'line').then(([line]) => JSON.parse(line as string) as Ready)
  const died = child.ended.then(({ code }) => Promise.reject(new Error(`it ended with ${code}: ${child.errors()}`)))
  died.catch(() => undefined)
  return Promise.race([line, died])
}

/** Starts an emulator. It is killed at the end of the test. */
export async function start(...args: string[]): Promise<Ready & { child: ReturnType<typeof spawnCli>; kill: (signal: NodeJS.Signals) => Promise<{ code: number | null; signal: string | null }> }> {
  const child = spawnCli(['emulator', '--port', '0', '--json', ...args])
  onTestFinished(() => void child.kill('SIGKILL'))
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return child.ended
  }
  return { ...(await whenReady(child)), child, kill }
}

/** Creates a folder that is deleted at the end of the test. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'flexip-server-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Requests about the flexible IPs of a zone. */
export function api({ url, secretKey, projectId }: Pick<Ready, 'url' | 'secretKey' | 'projectId'>, zone = 'fr-par-1') {
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: Fip & { flexible_ips: Fip[]; total_count: number } }> => {
    const response = await fetch(`${url}/flexible-ip/v1alpha1/zones/${zone}/fips${path}`, {
      method,
      headers: { 'X-Auth-Token': secretKey, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Fip & { flexible_ips: Fip[]; total_count: number } }
  }
  return { call, create: (fields: object = {}) => call('POST', '', { project_id: projectId, ...fields }) }
}

export interface Fip {
  id: string
  description: string
  tags: string[]
  status: string
  server_id: string | null
  mac_address: { id: string } | null
  /** The type of a refusal. */
  type?: string
}
