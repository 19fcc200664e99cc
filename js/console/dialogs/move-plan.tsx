// The plan of a move: what moves, where it can go and why not elsewhere. Nothing is sent but reads.
import { useQuery } from '@tanstack/react-query'
import type { FlexibleIP, FlexibleIpClient, MoveStep } from 'flexip/slim'
import { useEffect, useMemo, useState } from 'react'
import { type MovePlan, isMoving, startMove, useMoves } from '../data/moves.js'
import { type Outlook, type Target, isPlanned, outlookOf } from '../data/planning.js'
import { canOutlive } from '../data/saved-moves.js'
import { deselect, select, useSelection } from '../data/selection.js'
import { isUnderWay, useFailing, useFleet, useServerName, useServers, useStore } from '../data/store.js'
import { useOnline } from '../shell/online.js'
import { CopyButton } from '../shell/copy.js'
import { Icon } from '../shell/icons.js'
import { announce } from '../shell/live.js'
import { strings } from '../strings.js'
import { Frame, Note } from './frame.js'
import { PlanLedger } from './ledger.js'
import { commandOf } from './move-texts.js'
import type { WayBack } from './move.js'
import { useNowhere } from './nowhere.js'
import { closeDialog } from './open.js'
import { useStillOpen } from './still-open.js'
import { wordsOf } from './words.js'

const words = strings.move
const serverMax = 64

interface Props {
  readonly moveKey: string
  readonly fromId?: string
  readonly toId?: string
  /** The one flexible IP to move, in place of the selection. */
  readonly only?: string
  readonly back?: WayBack
  readonly onStart: () => void
}

export function MovePlanStage({ moveKey, fromId, toId, only, back, onStart }: Props) {
  const store = useStore()
  const { client, connection } = store
  const { ips, isWhole } = useFleet()
  const isStillOpen = useStillOpen()
  const servers = useServers()
  const failing = useFailing()
  const nameOf = useServerName()
  const selection = useSelection()
  const selected = useMemo(() => (only === undefined ? selection : new Set([only])), [selection, only])
  const isOnline = useOnline()
  // Of a selection, what is left out is selected no longer.
  const isSelection = fromId === undefined && !back && only === undefined
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  const asked = useMemo(() => askedOf(ips, fromId, back, selected).filter(({ id }) => !leftOut.has(id)), [ips, fromId, back, selected, leftOut])
  const out = ips.filter(({ id }) => leftOut.has(id))
  const outlook = useMemo(() => outlookOf(asked, ips, servers, fromId), [asked, ips, servers, fromId])
  const outlives = useMemo(() => canOutlive(outlook.units), [outlook.units])
  const targets = useMemo(() => ordered(outlook.targets, failing), [outlook, failing])
  const wanted = back?.toId ?? toId
  const [choice, setChoice] = useState(wanted ?? '')
  const target = targets.find(({ serverId, possible }) => possible && serverId === choice) ?? (choice === '' && wanted === undefined ? targets.find(({ possible, serverId }) => possible && !failing.has(serverId)) : undefined)
  // What a button says does not change under the hand: the first target stays the one while it is possible.
  const first = isWhole && choice === '' ? target?.serverId : undefined
  useEffect(() => {
    if (first !== undefined) setChoice(first)
  }, [first])
  const plan: MovePlan | undefined = target && outlook.zone !== undefined ? { key: moveKey, zone: outlook.zone, fromId, toId: target.serverId, units: outlook.units, keepsOff: outlook.units.flatMap((unit) => (unit.fromId !== undefined && (unit.fromId === fromId || failing.has(unit.fromId)) ? [unit.fromId] : [])) } : undefined
  const busy = outlook.units.flatMap((unit) => unit.ips.filter(isUnderWay))
  const withBusy = new Set(outlook.units.flatMap((unit) => (unit.ips.some(isUnderWay) ? unit.ips.map(({ id }) => id) : [])))
  const fipsIds = outlook.units.flatMap((unit) => unit.ips.map(({ id }) => id))
  // What another move of this page still holds waits for its end.
  const inMove = new Set(useMoves().flatMap((run) => (isMoving(run) && run.plan.key !== moveKey ? run.units.flatMap(({ unit }) => unit.ips.map(({ id }) => id)) : [])))
  const held = fipsIds.filter((id) => inMove.has(id)).length
  const [stale, setStale] = useState<Stale>()
  const [isChecking, setChecking] = useState(false)
  const dry = useQuery({
    queryKey: ['movePlan', connection.scope, fromId, plan?.toId, fipsIds],
    queryFn: () => (plan ? stepsOf(client, plan) : []),
    enabled: plan !== undefined,
    gcTime: 0,
  })

  const zone = plan?.zone
  useEffect(() => {
    if (dry.isError && zone !== undefined) store.refresh(zone)
  }, [dry.isError, zone, store])

  const start = async () => {
    if (!plan || !dry.data || isChecking) return
    setChecking(true)
    // The plan that was shown is sent only while it is still the plan.
    const { data, error } = await dry.refetch()
    // Cancelled meanwhile: nothing was sent.
    if (!isStillOpen()) return
    setChecking(false)
    if (error || JSON.stringify(data) !== JSON.stringify(dry.data)) {
      // What the plan has read otherwise reaches the table, and the plan that is shown.
      store.refresh(plan.zone)
      if (!error) setStale({ since: dry.dataUpdatedAt, changes: await changesOf(client, plan, nameOf).catch(() => []) })
      return
    }
    onStart()
    void startMove(store, plan).then((run) => {
      if (!run) return
      const left = run.units.filter(({ now }) => now !== 'target').flatMap(({ unit }) => unit.ips.map(({ id }) => id))
      announce(left.length === 0 ? words.done(outlook.count, nameOf(plan.toId)) : words.incomplete(outlook.count - left.length, outlook.count, nameOf(plan.toId)))
      // What failed stays selected, and what arrived does not.
      if (isSelection) deselect(run.units.filter(({ now }) => now === 'target').flatMap(({ unit }) => unit.ips.map(({ id }) => id)))
    })
  }

  const title = back ? words.backTo(nameOf(back.toId)) : fromId === undefined ? words.selection(outlook.count) : words.failoverOf(nameOf(fromId))
  // Where a failover has moved all, or others have.
  const isEmpty = fromId !== undefined && !back && outlook.count === 0 && isWhole
  const isGone = fromId !== undefined && servers.size > 0 && !servers.has(fromId)
  const isReady = plan !== undefined && dry.data !== undefined && !dry.isError && isOnline && held === 0
  const nowhere = useNowhere(outlook, targets)
  const reason = !isOnline ? strings.offline.changesOff : isChecking ? words.checking : held > 0 ? words.inMove(held) : target ? (dry.isError ? words.refusedPlanShort : dry.data ? '' : words.planning) : nowhere
  return (
    <Frame
      size="large"
      title={title}
      subtitle={outlook.zone === undefined ? (outlook.count === 0 ? (isGone ? words.serverGone : isEmpty && outlook.staying.length === 0 && out.length === 0 ? words.nothingLeft(nameOf(fromId)) : words.nothing) : words.severalZones) : words.planned(outlook.zone)}
      aside={isEmpty ? undefined : <Aside outlook={outlook} targets={targets} chosen={target} choose={setChoice} steps={dry.data} error={dry.error} stale={stale} keepsOff={plan?.keepsOff ?? []} />}
      foot={
        <>
          {plan && connection.upstream && <CopyButton text={commandOf(plan, nameOf, connection.upstream)} label={words.copyCommand} />}
          <span className="reason" id="move-reason">
            {isEmpty ? '' : reason}
          </span>
          <button className="button" type="button" onClick={closeDialog}>
            {isEmpty ? strings.acts.close : strings.acts.cancel}
          </button>
          {!isEmpty && (
            <button className="button primary" type="button" disabled={!isReady} aria-describedby={reason === '' ? undefined : 'move-reason'} onClick={() => void start()}>
              {target ? words.act(outlook.count, target.name) : words.selection(outlook.count)}
            </button>
          )}
        </>
      }
    >
      {outlook.along.length > 0 && <Note tone="warn">{words.along(outlook.along.length)}</Note>}
      {busy.length > 0 && (
        <Note tone="warn">
          {words.busy(busy.map(({ ipAddress }) => ipAddress), withBusy.size < outlook.count)}
          {withBusy.size < outlook.count && (
            <button className="button" type="button" onClick={() => (isSelection ? select([...selected].filter((id) => !withBusy.has(id)), []) : setLeftOut(new Set([...leftOut, ...withBusy])))}>
              {words.leaveOut(busy.length)}
            </button>
          )}
        </Note>
      )}
      {out.length > 0 && (
        <Note>
          {words.isLeftOut(out.map(({ ipAddress }) => ipAddress))}
          <button className="button" type="button" onClick={() => setLeftOut(new Set())}>
            {words.takeIn(out.length)}
          </button>
        </Note>
      )}
      {!outlives && (
        <Note tone="warn" title={words.unkept}>
          {words.unkeptText}
        </Note>
      )}
      {!(isEmpty && outlook.staying.length === 0) && <PlanLedger units={outlook.units} staying={outlook.staying} fromId={fromId} toId={target?.serverId} steps={dry.data} />}
      {!connection.upstream && <p className="second">{strings.onlyHere}</p>}
    </Frame>
  )
}

function askedOf(ips: readonly FlexibleIP[], fromId: string | undefined, back: WayBack | undefined, selected: ReadonlySet<string>): FlexibleIP[] {
  if (back) return ips.filter(({ id }) => back.ids.includes(id))
  if (fromId !== undefined) return ips.filter(({ serverId }) => serverId === fromId)
  return ips.filter(({ id }) => selected.has(id))
}

/** The library's plan: its steps, from a fresh reading of the zone. */
function stepsOf(client: FlexibleIpClient, { zone, fromId, toId, units }: MovePlan): Promise<MoveStep[]> {
  const fipsIds = units.flatMap(({ ips }) => ips.map(({ id }) => id))
  if (fromId === undefined) return client.ensureAttached({ zone, fipsIds, serverId: toId, dryRun: true })
  return client.failover({ zone, fipsIds, fromServerId: fromId, toServerId: toId, dryRun: true })
}

// Those that can take all come first, the emptiest before the others, and a failing server last.
function ordered(targets: readonly Target[], failing: ReadonlySet<string>): Target[] {
  const rank = ({ possible, serverId }: Target) => (possible ? (failing.has(serverId) ? 1 : 0) : 2)
  return [...targets].sort((a, b) => rank(a) - rank(b) || b.free - a.free || a.name.localeCompare(b.name))
}

/** A plan that was not the plan any more when it was to be sent. */
interface Stale {
  readonly since: number
  readonly changes: readonly string[]
}

/** What of a plan is not where it was. */
async function changesOf(client: FlexibleIpClient, { zone, units }: MovePlan, nameOf: (id: string) => string): Promise<string[]> {
  const known = new Map((await client.listFlexibleIPs({ zone }).all()).map((ip) => [ip.id, ip]))
  return units.flatMap(({ ips }) =>
    ips.flatMap(({ id, ipAddress, serverId }) => {
      const ip = known.get(id)
      if (!ip) return [words.staleGone(ipAddress)]
      return ip.serverId === serverId ? [] : [words.staleIp(ipAddress, ip.serverId === undefined ? undefined : nameOf(ip.serverId))]
    }),
  )
}

interface AsideProps {
  readonly outlook: Outlook
  readonly targets: readonly Target[]
  readonly chosen: Target | undefined
  readonly choose: (serverId: string) => void
  /** The steps of the library's plan, once it is known. */
  readonly steps: readonly MoveStep[] | undefined
  readonly error: Error | null
  readonly stale: Stale | undefined
  /** The servers that nothing goes back to. */
  readonly keepsOff: readonly string[]
}

function Aside({ outlook, targets, chosen, choose, steps, error, stale, keepsOff }: AsideProps) {
  const { connection } = useStore()
  const failing = useFailing()
  const { zone, count, units } = outlook
  const here = targets.filter((target) => target.zone === zone)
  const elsewhere = targets.length - here.length
  const leaves = units.flatMap(({ fromId }) => (fromId === undefined || fromId === chosen?.serverId ? [] : [fromId]))
  const requests = (['detach', 'attach'] as const).reduce((sum, action) => sum + units.filter((unit) => isPlanned(unit, action, chosen?.serverId, steps)).length, 0)
  return (
    <>
      {stale && <Note tone="warn">{words.stale(stale.since, stale.changes)}</Note>}
      {error && (
        <Note tone="bad" title={words.refusedPlan}>
          {wordsOf(error, connection)}
        </Note>
      )}
      <fieldset className="targets">
        <legend>{words.where(count)}</legend>
        {targets.length === 0 && count > 0 && <p className="second">{words.noneToOffer}</p>}
        {here.map((target) => (
          <TargetOption key={target.serverId} target={target} count={count} isFailing={failing.has(target.serverId)} isChosen={target === chosen} choose={choose} />
        ))}
        {elsewhere > 0 && zone !== undefined && (
          <p className="target barred">
            <Icon name="barred" />
            <span>
              {words.elsewhere(elsewhere)}
              <span className="quiet">{words.otherZone(zone, count)}</span>
            </span>
          </p>
        )}
      </fieldset>
      {zone === undefined && count > 0 && <Note tone="warn">{words.severalZones}</Note>}
      {chosen && <Note>{words.estimate(requests)}</Note>}
      {chosen && leaves.length > 0 && <Note>{leaves.some((id) => keepsOff.includes(id)) ? words.staysOff(chosen.name) : words.goesBack(chosen.name)}</Note>}
    </>
  )
}

function TargetOption({ target, count, isFailing, isChosen, choose }: { readonly target: Target; readonly count: number; readonly isFailing: boolean; readonly isChosen: boolean; readonly choose: (serverId: string) => void }) {
  const { name, serverId, possible, problems, free } = target
  const there = serverMax - free
  if (!possible) {
    const [problem] = problems
    const reason = problem?.reason === 'full' ? words.full(free, count) : problem?.reason === 'here' ? words.here(count) : (problem?.message ?? '')
    return (
      <p className="target barred">
        <Icon name="barred" />
        <span>
          {name}
          <span className="quiet">{reason}</span>
        </span>
        <span className="quiet">{strings.servers.count(there)}</span>
      </p>
    )
  }
  return (
    <label className="target">
      <input type="radio" name="target" checked={isChosen} onChange={() => choose(serverId)} />
      <span>
        <b>{name}</b>
        {isFailing && <span className="failing">{words.failing}</span>}
      </span>
      <span className="quiet">{words.target(there, there + count)}</span>
    </label>
  )
}
