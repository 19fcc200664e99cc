// An emulator on a port, as its own process.
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

/** Begins a process of the command; its output is collected. */
export function begin(args: string[], env: Record<string, string> = {}): ChildProcess & { said: () => string; ended: Promise<{ code: number | null; signal: string | null }> } {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let said = ''
  child.stderr.on('data', (part: Buffer) => (said += part.toString()))
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as string | null }))
  return Object.assign(child, { said: () => said, ended })
}

/** Waits for the line that says that it is ready; rejects with what it says when it ends before. */
export async function ready(child: ReturnType<typeof begin>): Promise<Ready> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const line = once(lines, 'line').then(([line]) => JSON.parse(line as string) as Ready)
  const died = child.ended.then(({ code }) => Promise.reject(new Error(`it ended with ${code}: ${child.said()}`)))
  died.catch(() => undefined)
  return Promise.race([line, died])
}

/** Starts an emulator, which ends with the test at the latest. */
export async function start(...args: string[]): Promise<Ready & { child: ReturnType<typeof begin>; kill: (signal: NodeJS.Signals) => Promise<{ code: number | null; signal: string | null }> }> {
  const child = begin(['emulator', '--port', '0', '--json', ...args])
  onTestFinished(() => void child.kill('SIGKILL'))
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return child.ended
  }
  return { ...(await ready(child)), child, kill }
}

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'flexip-server-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The flexible IPs of a zone, over HTTP. */
export function api({ url, secretKey, projectId }: Pick<Ready, 'url' | 'secretKey' | 'projectId'>, zone = 'fr-par-1') {
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: Fip & { flexible_ips: Fip[]; total_count: number } }> => {
    const answer = await fetch(`${url}/flexible-ip/v1alpha1/zones/${zone}/fips${path}`, {
      method,
      headers: { 'X-Auth-Token': secretKey, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Fip & { flexible_ips: Fip[]; total_count: number } }
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
  /** Of a refusal. */
  type?: string
}
