// A shell that cannot be started, in each way in which Node says it.
import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { shell } from '../../js/cli/shell.js'
import { testIo, world } from './support.js'

const failures = { code: '', hasStreams: false, isThrown: false }

vi.mock('node:child_process', async (original) => ({
  ...(await original<typeof import('node:child_process')>()),
  spawn: () => {
    const error = Object.assign(new Error(`spawn /bin/sh ${failures.code}`), { code: failures.code })
    if (failures.isThrown) throw error
    process.nextTick(() => child.emit('error', error))
    const child: EventEmitter = Object.assign(new EventEmitter(), failures.hasStreams ? { stdout: new PassThrough(), stderr: new PassThrough() } : {})
    return child
  },
}))

test.each([['EMFILE', false, false], ['ENFILE', false, false], ['EAGAIN', true, false], ['ENOMEM', false, true]])('a shell that cannot be started because of %s rejects, and ends no process', async (code, hasStreams, isThrown) => {
  Object.assign(failures, { code, hasStreams, isThrown })
  await expect(shell('true', new AbortController().signal)).rejects.toThrow(code)
})

test('--while that cannot be started for 10 seconds withdraws the claim with 10, and says why', async () => {
  Object.assign(failures, { code: 'EMFILE', hasStreams: false, isThrown: false })
  const { flexip, create, read, serverId } = await world()
  const ip = await create('web-1')
  expect(await flexip(['claim', 'web-2', ip.ipAddress, '--while', 'true'], { shell })).toMatchObject({ code: 10, err: expect.stringContaining('--while could not be started: spawn /bin/sh EMFILE: the claim is withdrawn') as string })
  expect((await read(ip)).serverId).toBe(serverId('web-1'))
})

test('--while that cannot be started for a moment does not end the claim', async () => {
  const { flexip, create, read, serverId } = await world()
  const ip = await create('web-1')
  let runs = 0
  const { now, sleep } = testIo()
  // The limit of a run is not reached.
  const io = { now, sleep: (ms: number, signal: AbortSignal) => (ms < 10_000 ? sleep(ms, signal) : new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))) }
  const once = () => ((runs += 1) % 3 === 1 ? Promise.reject(new Error('spawn /bin/sh EAGAIN')) : Promise.resolve(0))
  expect(await flexip(['claim', 'web-2', ip.ipAddress, '--while', 'true'], { ...io, shell: once })).toMatchObject({ code: 0 })
  expect((await read(ip)).serverId).toBe(serverId('web-2'))
})
