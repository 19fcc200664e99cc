// After a trap of the WebAssembly module nothing works on as if it had not been. The traps are real: see support/trap.mjs.
import { trapNextCall } from './support/trap.mjs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ConfigurationError, EmulatorTrapError, FlexibleIpEmulator } from 'flexip/emulator'
import { EmulatorTrapError as EmulatorTrapErrorOfServer, serveEmulator } from 'flexip/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { send } from './support/http.js'
import { type Ready, api, cli, start, temporaryFolder } from './support/served.js'

const url = 'https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips'

const list = async (emulator: FlexibleIpEmulator) => {
  const response = await emulator.fetch(url, { headers: { 'X-Auth-Token': emulator.secretKey } })
  return { status: response.status, body: await response.json() }
}

describe('in process, after a trap,', () => {
  const uses: [string, (emulator: FlexibleIpEmulator) => unknown][] = [
    ['fetch', (emulator) => emulator.fetch(url)],
    ['secretKey', (emulator) => emulator.secretKey],
    ['projectId', (emulator) => emulator.projectId],
    ['organizationId', (emulator) => emulator.organizationId],
    ['msToNextTransition', (emulator) => emulator.msToNextTransition()],
    ['addServer', (emulator) => emulator.addServer({ zone: 'fr-par-1' })],
    ['removeServer', (emulator) => emulator.removeServer('7c715b98-e683-493a-9e62-109d684e4348')],
    ['servers', (emulator) => emulator.servers],
    ['forceStatus', (emulator) => emulator.forceStatus('7c715b98-e683-493a-9e62-109d684e4348', 'locked')],
    ['setTiming', (emulator) => emulator.setTiming('recorded')],
    ['addFault', (emulator) => emulator.addFault({ fault: 'rateLimit' })],
    ['clearFaults', (emulator) => emulator.clearFaults()],
    ['journal', (emulator) => emulator.journal],
    ['clearJournal', (emulator) => emulator.clearJournal()],
    ['snapshot', (emulator) => emulator.snapshot()],
    ['restore', (emulator) => emulator.restore('{}')],
    ['reset', (emulator) => emulator.reset()],
  ]

  test.each(uses)('%s throws an EmulatorTrapError, in this emulator and in the others so far', async (name, use) => {
    const [first, second] = [new FlexibleIpEmulator(), new FlexibleIpEmulator()]
    trapNextCall()
    const attempt = async (emulator: FlexibleIpEmulator) => use(emulator)
    const error: unknown = await attempt(first).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(EmulatorTrapError)
    expect(error).toMatchObject({ name: 'EmulatorTrapError', code: 'emulator_trap', message: expect.stringMatching(/trapped \(.+\).*create a new emulator/) as string })
    expect((error as Error).cause).toBeInstanceOf(WebAssembly.RuntimeError)
    for (const emulator of [first, second]) {
      for (const [, other] of uses) await expect((async () => other(emulator))(), name).rejects.toThrow(EmulatorTrapError)
    }
    const next = new FlexibleIpEmulator()
    expect(await list(next)).toEqual({ status: 200, body: { flexible_ips: [], total_count: 0 } })
  })

  test('a new emulator gives the same run as one before', async () => {
    const run = async () => {
      const emulator = new FlexibleIpEmulator({ seed: 7, clock: 'manual', population: 20 })
      return { list: await list(emulator), snapshot: emulator.snapshot() }
    }
    const before = await run()
    trapNextCall()
    expect(() => new FlexibleIpEmulator()).toThrow(EmulatorTrapError)
    expect(await run()).toEqual(before)
  })

  test('an invalid setting is still a ConfigurationError, which is no trap', () => {
    const emulator = new FlexibleIpEmulator()
    expect(() => new FlexibleIpEmulator({ seed: -1 })).toThrow(ConfigurationError)
    expect(() => emulator.restore('{}')).toThrow(ConfigurationError)
    expect(emulator.servers).toEqual([])
  })

  test('a stack that is full leaves a usable emulator, or counts as a trap', () => {
    const emulator = new FlexibleIpEmulator()
    const dive = (): void => {
      emulator.forceStatus('7c715b98-e683-493a-9e62-109d684e4348', 'locked')
      dive()
    }
    expect(dive).toThrow()
    const outcome = (() => {
      try {
        return emulator.snapshot()
      } catch (error) {
        return error
      }
    })()
    if (typeof outcome !== 'string') expect(outcome).toBeInstanceOf(EmulatorTrapError)
    expect(new FlexibleIpEmulator().servers).toEqual([])
  })
})

describe('on a port, after a trap,', () => {
  test('health and every other request are 500, `onFailure` is called once, and the file has what was confirmed', async () => {
    const data = join(temporaryFolder(), 'state.json')
    const failures: Error[] = []
    const served = await serveEmulator({ data, onFailure: (error) => failures.push(error) })
    const { secretKey, projectId } = served.emulator
    const { create, call } = api({ url: served.url, secretKey, projectId })
    await create({ description: 'confirmed' })
    expect((await send(`${served.url}/_emulator/health`)).status).toBe(200)
    trapNextCall()
    expect((await create({ description: 'lost' })).status).toBe(500)
    for (let time = 0; time < 2; time++) {
      const health = await send(`${served.url}/_emulator/health`)
      expect([health.status, health.body.toString()]).toEqual([500, expect.stringMatching(/^\{"message":"the emulator's WebAssembly module trapped/)])
      expect((await call('GET', '')).status).toBe(500)
      expect((await send(`${served.url}/_emulator/snapshot`)).status).toBe(500)
      expect((await send(`${served.url}/_emulator/reset`, { method: 'POST' })).status).toBe(500)
    }
    expect(failures).toEqual([expect.any(EmulatorTrapErrorOfServer)])
    await expect(served.close()).rejects.toThrow(EmulatorTrapErrorOfServer)

    const after = await serveEmulator({ data })
    onTestFinished(() => after.close(0))
    const { flexible_ips } = (await api({ url: after.url, secretKey, projectId }).call('GET', '')).body
    expect(flexible_ips).toMatchObject([{ description: 'confirmed' }])
  })

  test('the command ends with exit code 1 and a clear line, the request gets its 500, and the state is there after a restart', async () => {
    const data = join(temporaryFolder(), 'state.json')
    const preload = join(import.meta.dirname, 'support/trap.mjs')
    const child = spawn(process.execPath, ['--import', preload, cli, 'emulator', '--port', '0', '--json', '--data', data], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    let errors = ''
    child.stderr?.on('data', (part: Buffer) => (errors += part.toString()))
    const ended = once(child, 'close')
    const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string]
    const { create } = api(JSON.parse(line) as Ready)
    await create({ description: 'confirmed' })
    child.send('trap')
    await once(child, 'message')
    expect((await create({ description: 'lost' })).status).toBe(500)
    expect((await ended)[0]).toBe(1)
    const message = expect.stringMatching(/^the emulator's WebAssembly module trapped \(.+\).*; \S+state\.json has everything that a response confirmed$/) as string
    expect(JSON.parse(errors)).toMatchObject({ error: { exitCode: 1, message } })

    const after = await start('--data', data)
    expect((await api(after).call('GET', '')).body.flexible_ips).toMatchObject([{ description: 'confirmed' }])
  })
})
