// Two nodes with corosync and Pacemaker, with the agent and the command of docs/guides/failover.md, share a flexible IP.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bash, tools } from './namespace.js'

/** What is where after the cluster has come to rest. */
interface Places {
  owner: string
  /** The nodes that have the address on their interface. */
  addresses: string[]
}

interface Move extends Places {
  node: string
  ms: number
  changes: string[]
}

interface Results {
  starts: Places
  moves: Move[]
  outage: Places & { held: string; changes: string[] }
  kill: Move & { killed: string }
  /** The actions of the agent that failed. */
  failures: string[]
}

const moves = 10

test('Pacemaker moves a flexible IP ten times, keeps it through an outage of the API, and moves it off a node that dies', () => {
  const script = `
    mount -t tmpfs -o mode=755 tmpfs /run
    mount -t sysfs -o ro sysfs /sys
    exec ${process.execPath} ${join(import.meta.dirname, 'pacemaker/run.mjs')} '${JSON.stringify({ tools, moves })}'`
  const { out } = bash(script, ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'], 900_000)
  const { starts, moves: made, outage, kill, failures } = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Results
  expect(starts.addresses).toEqual([starts.owner])
  expect(made).toHaveLength(moves)
  for (const { node, owner, addresses, changes } of [...made, kill]) expect({ owner, addresses, changes }).toEqual({ owner: node, addresses: [node], changes: ['none', node] })
  // The nodes take turns.
  expect(new Set(made.map(({ node }, index) => `${node} ${index % 2}`)).size).toBe(2)
  const { held } = outage
  expect(outage).toEqual({ held, owner: held, addresses: [held], changes: [] })
  expect(kill.node).not.toBe(kill.killed)
  expect(failures).toEqual([])
  const times = made.map(({ ms }) => ms).sort((a, b) => a - b)
  console.log(`Pacemaker: from the command to the address on the other node ${times[moves / 2]} ms (${times[0]} to ${times.at(-1)}, ${moves} moves); after a node's death ${kill.ms} ms`)
}, 960_000)
