// Two hosts with real keepalived, with the files of docs/guides/failover.md, share a flexible IP: kills, interruptions, faults.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bash, cli } from './namespace.js'

/** What is where after everything has settled, and the changes that the service accepted on the way: the server, or none for a detach. */
interface Settled {
  ms: number
  master: string
  owner: string
  changes: string[]
}

interface Results {
  starts: Settled
  /** After each kill, when the host is there again. */
  returns: Settled[]
  kills: Settled[]
  flaps: Settled[]
  outage?: Settled
}

interface Run {
  way: 'claim' | 'official'
  /** An even number: web-1 is the master at the end. */
  kills: number
  flaps: number
  outageMs: number
  faults: boolean
}

/** What npm run test:long does: 50 interruptions, 10 kills, an outage of a minute, and the other way for comparison. */
const isLong = process.env.FLEXIP_LONG === '1'
const { kills: killed, flaps, outageMs } = isLong ? { kills: 10, flaps: 50, outageMs: 60_000 } : { kills: 2, flaps: 5, outageMs: 6000 }

function cluster(run: Run): Results {
  const folder = mkdtempSync(join(tmpdir(), 'flexip-cluster-'))
  try {
    writeFileSync(join(folder, 'flexip'), `#!/bin/sh\nexec ${process.execPath} ${cli} "$@"\n`, { mode: 0o755 })
    const script = `
      mount -t tmpfs -o mode=755 tmpfs /run
      mount -t sysfs -o ro sysfs /sys
      export PATH=${folder}:$PATH
      exec ${process.execPath} ${join(import.meta.dirname, 'cluster/run.mjs')} '${JSON.stringify(run)}'`
    const { out } = bash(script, ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'], longest(run))
    return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Results
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Whether a server got the flexible IP a second time while it had it, or a second detach came while it was on none. */
function repeated(changes: readonly string[]): string[] {
  return changes.filter((change, index) => index > 0 && change === changes[index - 1])
}

/** The longest time that a run may take, in milliseconds. */
function longest({ kills, flaps, outageMs }: Run): number {
  return 300_000 + (kills + flaps) * 60_000 + outageMs
}

/** The other host, as each kill makes it the master. */
const heirs = (count: number): string[] => Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 'web-2' : 'web-1'))

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const claims: Run = { way: 'claim', kills: killed, flaps, outageMs, faults: true }

test('the owner is the master after each kill, interruption and outage, and nothing is done twice', () => {
  const { starts, returns, kills, flaps: settled, outage } = cluster(claims)
  expect(starts).toMatchObject({ master: 'web-1', owner: 'web-1' })
  const taken = heirs(killed).map((name) => ({ master: name, owner: name }))
  expect(kills).toMatchObject(taken.map((end) => ({ ...end, changes: ['none', end.owner] })))
  // A host that comes back does not take the address.
  expect(returns).toMatchObject(taken)
  expect(settled).toHaveLength(flaps)
  for (const { master, owner, changes } of settled) {
    expect(owner, JSON.stringify(settled)).toBe(master)
    expect(repeated(changes), JSON.stringify(changes)).toEqual([])
  }
  expect(outage).toMatchObject({ master: 'web-2', owner: 'web-2', changes: ['none', 'web-2'] })
  const moves = settled.map(({ changes }) => changes.length)
  console.log(`claim: from master to attached ${figures(kills)}; after an outage of ${outageMs / 1000} s ${outage?.ms} ms; ${settled.length} interruptions made ${moves.reduce((sum, moved) => sum + moved, 0)} changes, wrong owner after none`)
}, longest(claims))

const officials: Run = { way: 'official', kills: killed, flaps, outageMs: 0, faults: false }

// It asserts what makes the two comparable; how wrong the other way ends is a figure.
test.runIf(isLong)('the way of the official tools is slower, for comparison', () => {
  const { kills, flaps: settled } = cluster(officials)
  expect(kills.map(({ owner }) => owner)).toEqual(heirs(killed))
  const wrong = settled.filter(({ master, owner }) => master !== owner).length
  console.log(`official way: from master to attached ${figures(kills)}; wrong owner after ${wrong} of ${settled.length} interruptions`)
}, longest(officials))

/** The times of the kills: the median, the least and the most. */
function figures(kills: readonly Settled[]): string {
  const times = kills.map(({ ms }) => ms)
  return `${median(times)} ms (${Math.min(...times)} to ${Math.max(...times)}, ${times.length} kills)`
}
