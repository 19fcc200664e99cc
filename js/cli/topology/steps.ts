// Carries out a plan.
import { type FlexibleIP, macGroups } from '../../index.js'
import { each } from '../each.js'
import { type ExitCode, exitCodeOfAll } from '../exit-codes.js'
import { namesOf, showProgress } from '../progress.js'
import { unlessChanged } from '../recheck.js'
import type { Session } from '../session.js'
import { Changed } from '../stop.js'
import type { PlannedIp } from './plan.js'

/** Makes the changes: texts and tags first, then detaches, then the moves to each server. */
export async function carryOut(session: Session, planned: readonly PlannedIp[], ips: readonly FlexibleIP[]): Promise<ExitCode> {
  const { client } = await session.connection()
  const byId = new Map(ips.map((ip) => [ip.id, ip]))
  const failures: { exitCode: ExitCode }[] = []
  let done = 0
  const run = async <Item>(items: readonly Item[], nameOf: (item: Item) => string, work: (item: Item) => Promise<unknown>) => {
    const { results, exitCode } = await each(session, items, nameOf, work)
    done += results.length
    if (exitCode !== 0) failures.push({ exitCode })
  }
  const updates = planned.filter(({ changes }) => changes.some(({ kind }) => kind !== 'server'))
  await run(updates, ({ address }) => address, ({ id, zone, changes }) => {
    const fields = Object.fromEntries(changes.flatMap(({ kind, to }) => (kind === 'server' ? [] : [[kind, to]])))
    return client.updateFlexibleIP({ zone, fipId: id, ...fields }, session.call())
  })
  const moving = planned.flatMap(({ id, changes }) => {
    const change = changes.find(({ kind }) => kind === 'server')
    const ip = byId.get(id)
    return change?.kind === 'server' && ip ? [{ ip, to: change.to }] : []
  })
  const leaving = macGroups(moving.filter(({ to }) => to === null).map(({ ip }) => ip))
  await run(leaving, (group) => group.map(({ ipAddress }) => ipAddress).join(', '), async (group) => {
    const request = { zone: group[0]?.zone ?? '', fipsIds: group.map(({ id }) => id) }
    await orSay(unlessChanged(session, client.detachFlexibleIP(request, session.call()), ips))
    return client.waitForFlexibleIPs(request, session.call())
  })
  const targets = [...new Set(moving.flatMap(({ to }) => to ?? []))]
  const endOfProgress = await showProgress(session, moving.map(({ ip }) => ip))
  const names = await namesOf(session)
  await run(targets, names, (serverId) => {
    const arriving = moving.filter(({ to }) => to === serverId).map(({ ip }) => ip)
    return orSay(unlessChanged(session, client.ensureAttached({ zone: arriving[0]?.zone ?? '', serverId, fipsIds: arriving.map(({ id }) => id), dryRun: false }, session.call()), ips, serverId))
  }).finally(endOfProgress)
  return exitCodeOfAll(failures, done)
}

/** A change that was refused since something has changed leaves the others as they are: the message says what to do. */
function orSay<Result>(move: Promise<Result>): Promise<Result> {
  return move.catch((error: unknown) => {
    throw error instanceof Changed ? new Changed([...error.hints, 'This was not moved. Other changes of the plan may be made: make the plan again.'], { cause: error.cause }) : error
  })
}
