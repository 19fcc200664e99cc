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
  returns: Settled
  kills: Settled[]
  flaps: Settled[]
  outage?: Settled
}

interface Run {
  way: 'claim' | 'official'
  flaps: number
  outageMs: number
  faults: boolean
}

/** npm run test:long sets it to 50. */
const flaps = Number(process.env.FLEXIP_FLAPS ?? 5)

function cluster(run: Run): Results {
  const folder = mkdtempSync(join(tmpdir(), 'flexip-cluster-'))
  try {
    writeFileSync(join(folder, 'flexip'), `#!/bin/sh\nexec ${process.execPath} ${cli} "$@"\n`, { mode: 0o755 })
    const script = `
      mount -t tmpfs -o mode=755 tmpfs /run
      mount -t sysfs -o ro sysfs /sys
      export PATH=${folder}:$PATH
      exec ${process.execPath} ${join(import.meta.dirname, 'cluster/run.mjs')} '${JSON.stringify(run)}'`
    const { out } = bash(script, ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'], 60_000 + (run.flaps + 5) * 60_000 + run.outageMs)
    return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Results
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Whether a server got the flexible IP a second time while it had it, or a second detach came while it was on none. */
function repeated(changes: readonly string[]): string[] {
  return changes.filter((change, index) => index > 0 && change === changes[index - 1])
}

test('the owner is the master after each kill, interruption and outage, and nothing is done twice', () => {
  const { starts, returns, kills, flaps: settled, outage } = cluster({ way: 'claim', flaps, outageMs: 60_000, faults: true })
  expect(starts).toMatchObject({ master: 'web-1', owner: 'web-1' })
  expect(kills).toMatchObject([{ master: 'web-2', owner: 'web-2' }, { master: 'web-1', owner: 'web-1' }])
  // A host that comes back does not take the address.
  expect(returns).toMatchObject({ master: 'web-2', owner: 'web-2' })
  expect(settled).toHaveLength(flaps)
  const all = [...kills, ...settled, ...(outage ? [outage] : [])]
  for (const { master, owner, changes } of all) {
    expect(owner, JSON.stringify(settled)).toBe(master)
    expect(repeated(changes), JSON.stringify(changes)).toEqual([])
  }
  expect(outage).toMatchObject({ master: 'web-2', owner: 'web-2' })
  console.log(`claim: from master to attached after ${kills.map(({ ms }) => `${ms} ms`).join(', ')}`)
}, 90_000 + flaps * 60_000 + 600_000)

test('the way of the official tools is slower, for comparison', () => {
  const { kills, flaps: settled } = cluster({ way: 'official', flaps, outageMs: 0, faults: false })
  const wrong = settled.filter(({ master, owner }) => master !== owner).length
  console.log(`official way: from master to attached after ${kills.map(({ ms }) => `${ms} ms`).join(', ')}; wrong owner after ${wrong} of ${settled.length} interruptions`)
  expect(kills).toMatchObject([{ owner: 'web-2' }, { owner: 'web-1' }])
}, 90_000 + flaps * 60_000)
