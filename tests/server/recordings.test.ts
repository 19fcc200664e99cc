// The recorded sessions of tests/recordings/ over HTTP: the responses equal those of the emulator in process.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EmulatorOptions, serveEmulator } from 'flexip/server'
import { describe, expect, test } from 'vitest'
import { send } from './support/http.js'

/** The steps of each session, in their order. `npm test -- rust` writes this file. */
const file = join(import.meta.dirname, '../../build/recorded-runs.json')

type Step =
  | { addServer: { zone: string; name: string }; id: string }
  | { at: number; method: string; target: string; body: string; status: number; headers: [name: string, value: string][]; answer: string }

interface Run {
  name: string
  startsAt: number
  settings: EmulatorOptions
  steps: Step[]
}

const runs = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Run[]) : []

if (runs.length === 0) {
  test(`the following tests are skipped, because ${file} has no runs: npm test -- rust writes it from the recordings`, () => {})
}

describe.skipIf(runs.length === 0)('over HTTP', () => {
  test.each(runs.map((run) => [run.name, run] as const))('the responses of %s equal those in process, byte for byte', async (_, { startsAt, settings, steps }) => {
    const { url, emulator, close } = await serveEmulator({ ...settings, clock: 'manual', startsAt: new Date(startsAt) })
    const control = (path: string, body: unknown) => send(`${url}/_emulator/${path}`, { method: 'POST', body: JSON.stringify(body) })
    try {
      for (const step of steps) {
        if ('addServer' in step) {
          expect(JSON.parse((await control('servers', step.addServer)).body.toString())).toMatchObject({ id: step.id })
          continue
        }
        const { at, method, target, body, status, headers, answer } = step
        await control('clock', { advanceMs: at - emulator.now.getTime() })
        const response = await send(url + target, { method, headers: { 'X-Auth-Token': emulator.secretKey }, ...(body !== '' && { body }) })
        expect({ status: response.status, answer: response.body.toString() }).toEqual({ status, answer })
        for (const [name, value] of headers.filter(([name]) => name !== 'X-Request-Id')) expect(response.headers[name.toLowerCase()], name).toBe(value)
      }
    } finally {
      await close(0)
    }
    expect(steps.length).toBeGreaterThan(0)
  })

  test('the runs have more than 200 steps', () => {
    expect(runs.flatMap(({ steps }) => steps).length).toBeGreaterThan(200)
  })
})
