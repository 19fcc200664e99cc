// The strip of the emulated fleet: its speed and its faults. Below it, on a first visit, what can be tried.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { dismissMove, isMoving, useMoves } from '../data/moves.js'
import { outlookOf } from '../data/planning.js'
import type { Behaviour, Controls, FaultSet, Speed } from '../data/protocol.js'
import { useFailing, useFleet, useServers, useStore } from '../data/store.js'
import { usePlace } from '../data/url.js'
import { openFailover } from '../dialogs/open.js'
import { strings } from '../strings.js'
import { Icon } from './icons.js'
import { note } from './live.js'
import { showGuide, showStrip, useGuide, useStrip } from './strip-state.js'

const words = strings.emulator
const first: Behaviour = { speed: 'fast', faults: 'none' }

/** The server that the guide is about, while it is shown: its own strip would say the same. */
export function useGuided(): string | undefined {
  const { connection } = useStore()
  const [{ view }] = usePlace()
  const failing = useFailing()
  const servers = useServers()
  const moves = useMoves()
  const [isStrip, isGuide] = [useStrip(), useGuide()]
  const [id] = connection.failing
  if (!connection.controls || !isStrip || !isGuide || view !== 'ips' || id === undefined) return undefined
  // Until the servers are read, it keeps its place, so that the table does not move when it comes.
  if (servers.size > 0 && !failing.has(id)) return undefined
  return moves.some(({ plan }) => plan.key === `failover:${id}`) ? undefined : id
}

export function Emulator() {
  const { connection } = useStore()
  const isShown = useStrip()
  const guided = useGuided()
  const { controls } = connection
  if (!controls || !isShown) return null
  return (
    <>
      <Strip controls={controls} />
      {guided !== undefined && <Guide controls={controls} serverId={guided} />}
    </>
  )
}

function useBehaviour(controls: Controls) {
  const cache = useQueryClient()
  const { marks } = useStore()
  const queryKey = ['behaviour']
  const { data = first } = useQuery({ queryKey, queryFn: () => controls.behaviour() })
  const set = async (change: Partial<Behaviour>) => {
    const next = await controls.set(change)
    // A reading that began before would put the old one back.
    await cache.cancelQueries({ queryKey })
    cache.setQueryData(queryKey, next)
  }
  const reset = async () => {
    await controls.reset()
    marks.reset()
    note(words.startedOver)
    await cache.invalidateQueries()
  }
  return { behaviour: data, set, reset }
}

function Strip({ controls }: { readonly controls: Controls }) {
  const [, go] = usePlace()
  const { behaviour, set, reset } = useBehaviour(controls)
  return (
    <div className="strip emulator">
      <span className="about">
        <b>{words.title}</b> <span className="wide-inline">{words.text}</span>
      </span>
      <span className="room" />
      <fieldset className="speed">
        <legend className="hidden">{words.speed}</legend>
        <span aria-hidden="true">{words.speed}</span>
        <span className="segments">
          {(Object.keys(words.speeds) as Speed[]).map((speed) => (
            <label key={speed}>
              <input className="hidden" type="radio" name="speed" checked={behaviour.speed === speed} onChange={() => void set({ speed })} />
              {words.speeds[speed]}
            </label>
          ))}
        </span>
      </fieldset>
      <label className="field">
        {words.faults}
        <select value={behaviour.faults} onChange={({ target }) => void set({ faults: target.value as FaultSet })}>
          {(Object.keys(words.faultSets) as FaultSet[]).map((faults) => (
            <option key={faults} value={faults}>
              {words.faultSets[faults]}
            </option>
          ))}
        </select>
      </label>
      <button
        className="button quiet-button"
        type="button"
        onClick={() => {
          showGuide(true)
          void reset()
        }}
      >
        {words.reset}
      </button>
      <button className="button" type="button" onClick={() => go({ view: 'connect', ip: '', dialog: '' })}>
        {words.connect}
      </button>
      <button className="button icon-button quiet-button" type="button" onClick={() => showStrip(false)} aria-label={words.hide}>
        <Icon name="close" />
      </button>
    </div>
  )
}

function Guide({ controls, serverId }: { readonly controls: Controls; readonly serverId: string }) {
  const servers = useServers()
  const { ips } = useFleet()
  const [, go] = usePlace()
  const moves = useMoves()
  const { reset, set } = useBehaviour(controls)
  const server = servers.get(serverId)
  const isReady = server !== undefined && ips.length > 0
  const outlook = outlookOf(ips.filter((ip) => ip.serverId === serverId), ips, servers, serverId)
  const texts = strings.guide
  const tryOut = async (faults?: FaultSet) => {
    if (moves.some((run) => run.plan.key === `failover:${serverId}` && isMoving(run))) return openFailover(serverId)
    dismissMove(`failover:${serverId}`)
    // What was moved before is put back, so that there is something to move.
    if (outlook.count === 0) await reset()
    if (faults) await set({ faults })
    openFailover(serverId)
  }
  return (
    <section className={isReady ? 'guide' : 'guide awaited'} aria-label={texts.label}>
      <div className="guide-card">
        <h2>{texts.works}</h2>
        <p className="second">{texts.worksText(server?.name ?? '', outlook.count)}</p>
        <button className="button primary" type="button" onClick={() => void tryOut()}>
          {outlook.count === 0 ? texts.worksAgain : strings.failing.plan(outlook.count)}
        </button>
      </div>
      <div className="guide-card">
        <h2>{texts.half}</h2>
        <p className="second">{texts.halfText}</p>
        <button className="button" type="button" onClick={() => void tryOut('halfFails')}>
          {texts.halfAct}
        </button>
      </div>
      <div className="guide-card">
        <h2>{texts.picture}</h2>
        <p className="second">{texts.pictureText(servers.size)}</p>
        <button className="button" type="button" onClick={() => go({ view: 'servers', ip: '', dialog: '' })}>
          {texts.pictureAct}
        </button>
      </div>
      <button className="button icon-button quiet-button" type="button" onClick={() => showGuide(false)} aria-label={texts.hide}>
        <Icon name="close" />
      </button>
    </section>
  )
}
