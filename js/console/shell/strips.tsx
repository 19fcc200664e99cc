// The strips below the bar, each only while it has something to say.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Behaviour, FaultSet, Speed } from '../data/protocol.js'
import { useFailing, useFleet, useServers, useStore } from '../data/store.js'
import { usePlace } from '../data/url.js'
import { strings } from '../strings.js'
import { Icon } from './icons.js'

const hiddenKey = 'flexip-strip-hidden'

export function Strips() {
  return (
    <section aria-label={strings.notices}>
      <Offline />
      <Unreadable />
      <Emulator />
      <Failing />
    </section>
  )
}

function subscribeOnline(subscriber: () => void): () => void {
  addEventListener('online', subscriber)
  addEventListener('offline', subscriber)
  return () => {
    removeEventListener('online', subscriber)
    removeEventListener('offline', subscriber)
  }
}

/** Whether the browser has a network. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribeOnline, () => navigator.onLine)
}

function Offline() {
  if (useOnline()) return null
  return (
    <div className="strip warn" role="status">
      <span>
        <b>{strings.offline.title}</b> {strings.offline.text}
      </span>
    </div>
  )
}

function Unreadable() {
  const { failures, refresh } = useFleet()
  const isOnline = useOnline()
  if (failures.length === 0 || !isOnline) return null
  return (
    <div className="strip warn" role="status">
      <span>
        <b>{strings.unreadable.title}</b> {failures.map(({ zone, error }) => `${zone}: ${error.message}`).join('; ')}
      </span>
      <button className="button" type="button" onClick={refresh}>
        {strings.unreadable.retry}
      </button>
    </div>
  )
}

function Failing() {
  const failing = useFailing()
  const servers = useServers()
  const { ips } = useFleet()
  const [, go] = usePlace()
  return [...failing].map((id) => {
    const server = servers.get(id)
    const there = ips.filter(({ serverId }) => serverId === id)
    if (!server || there.length === 0) return null
    const locked = there.filter(({ status }) => status === 'locked').length
    return (
      <div className="strip bad" key={id}>
        <Icon name="error" />
        <span>
          <b>{strings.failing.title(server.name)}</b> {strings.failing.text(server.zone, there.length, locked)}
        </span>
        <span className="room" />
        <button className="button" type="button" onClick={() => go({ view: 'ips', server: [id], ip: '' })}>
          {strings.failing.show(there.length)}
        </button>
      </div>
    )
  })
}

/** Speed and faults of the emulated fleet. It is there until it is hidden. */
function Emulator() {
  const { connection, marks } = useStore()
  const cache = useQueryClient()
  const [, go] = usePlace()
  const [isHidden, setHidden] = useState(() => localStorage.getItem(hiddenKey) !== null)
  const { controls } = connection
  const { data } = useQuery({ queryKey: ['behaviour'], queryFn: () => controls?.behaviour() ?? null, enabled: controls !== undefined })
  const [behaviour, setBehaviour] = useState<Behaviour>({ speed: 'fast', faults: 'none' })
  useEffect(() => {
    if (data) setBehaviour(data)
  }, [data])
  if (!controls || isHidden) return null
  const set = async (change: Partial<Behaviour>) => setBehaviour(await controls.set(change))
  const reset = async () => {
    await controls.reset()
    marks.reset()
    await cache.invalidateQueries()
  }
  const hide = () => {
    localStorage.setItem(hiddenKey, '1')
    setHidden(true)
  }
  return (
    <div className="strip emulator">
      <span>
        <b>{strings.emulator.title}</b> {strings.emulator.text}
      </span>
      <span className="room" />
      <fieldset className="segments">
        <legend className="hidden">{strings.emulator.speed}</legend>
        {(Object.keys(strings.emulator.speeds) as Speed[]).map((speed) => (
          <label key={speed}>
            <input className="hidden" type="radio" name="speed" checked={behaviour.speed === speed} onChange={() => void set({ speed })} />
            {strings.emulator.speeds[speed]}
          </label>
        ))}
      </fieldset>
      <label className="field">
        {strings.emulator.faults}
        <select value={behaviour.faults} onChange={({ target }) => void set({ faults: target.value as FaultSet })}>
          {(Object.keys(strings.emulator.faultSets) as FaultSet[]).map((faults) => (
            <option key={faults} value={faults}>
              {strings.emulator.faultSets[faults]}
            </option>
          ))}
        </select>
      </label>
      <button className="button quiet-button" type="button" onClick={() => void reset()}>
        {strings.emulator.reset}
      </button>
      <button className="button" type="button" onClick={() => go({ view: 'connect' })}>
        {strings.emulator.connect}
      </button>
      <button className="button icon-button quiet-button" type="button" onClick={hide} aria-label={strings.emulator.hide}>
        <Icon name="close" />
      </button>
    </div>
  )
}
