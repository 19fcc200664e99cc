// The emulator with its fleet, as a worker or a page holds it. It is saved after each change and comes back after a reload.
import { FlexibleIpEmulator, load } from 'flexip/emulator/slim'
import wasm from 'flexip/emulator.wasm?url'
import { fillFleet, fleetSettings, hasFailing } from './fleet.js'
import { type Behaviour, type Carry, type Order, type Results, type Speed, faultRules } from './protocol.js'
import { readSaved, save } from './saved.js'

const timings: Readonly<Record<Speed, Parameters<FlexibleIpEmulator['setTiming']>[0]>> = {
  recorded: 'recorded',
  instant: 'instant',
  fast: { attach: [320, 580, 5600], create: [320, 800, 5600], betweenAttaches: [200, 400, 1000], generateMac: 800, duplicateMac: 1000, moveMac: 1000, deleteMac: 800, detach: [300, 1000, 2000], delete: 1500 },
}

/** Starts the emulator. `population` other than 0 gives so many flexible IPs instead of the fleet of a first visit. */
export async function startHost(population: number): Promise<Carry> {
  await load(wasm)
  const emulator = new FlexibleIpEmulator(fleetSettings(population))
  const name = `fleet-${population}`
  let behaviour: Behaviour = { speed: 'fast', faults: 'none' }
  let resets = 0

  const behave = (next: Behaviour): Behaviour => {
    behaviour = next
    emulator.setTiming(timings[next.speed])
    emulator.clearFaults()
    for (const rule of faultRules[next.faults]) emulator.addFault(rule)
    return next
  }
  const fill = async (): Promise<void> => {
    if (population === 0) await fillFleet(emulator)
    behave(behaviour)
    emulator.clearJournal()
  }
  const keep = (): Promise<void> => (population === 0 ? save(name, emulator.snapshot()) : Promise.resolve())
  const saved = population === 0 ? await readSaved(name) : undefined
  if (saved === undefined || !restored(emulator, saved)) await fill()
  else behave(behaviour)

  const work: { [Kind in Order['kind']]: (order: Extract<Order, { kind: Kind }>) => Promise<Results[Kind]> } = {
    facts: () => Promise.resolve({ secretKey: emulator.secretKey, projectId: emulator.projectId, failing: emulator.servers.filter(hasFailing).map(({ id }) => id), resets }),
    fetch: async ({ url, method, headers, body, resets: known = resets }) => {
      if (method !== 'GET' && known !== resets) throw new Error('the fleet was reset')
      const response = await emulator.fetch(url, { method, headers, ...(body !== undefined && { body }) })
      const list: [string, string][] = []
      response.headers.forEach((value, key) => list.push([key, value]))
      const answer = { status: response.status, headers: list, body: await response.text() }
      if (method !== 'GET') await keep()
      return answer
    },
    behaviour: () => Promise.resolve(behaviour),
    set: ({ behaviour: change }) => Promise.resolve(behave({ ...behaviour, ...change })),
    reset: async () => {
      resets += 1
      emulator.reset()
      behaviour = { speed: 'fast', faults: 'none' }
      await fill()
      await keep()
      return resets
    },
  }
  // What comes during a reset waits for its fleet: a delay or a failure that another tab sets would stop the filling midway.
  let filled: Promise<unknown> = Promise.resolve()
  return (order) => {
    const done = filled.then(() => work[order.kind](order))
    // The page that asked learns of a failure; the orders after it are carried out.
    if (order.kind === 'reset') filled = done.catch(() => undefined)
    return done
  }
}

// A snapshot of another version of the emulator is refused; the fleet then starts over.
function restored(emulator: FlexibleIpEmulator, snapshot: string): boolean {
  try {
    emulator.restore(snapshot)
    return true
  } catch {
    return false
  }
}
