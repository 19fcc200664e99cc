// flexip claim: brings flexible IPs to a server, whatever happened before. What keepalived and timers call.
import { type FlexibleIP, type MoveStep, isFlexipError } from '../../index.js'
import { withCommon, withDryRun, withExamples } from '../common-options.js'
import { checkZones, collectGroups } from '../groups.js'
import { printSteps, showProgress } from '../progress.js'
import { type Register, act } from '../register.js'
import { checkWords, readInventory, selectIps } from '../selection.js'
import type { Session } from '../session.js'
import { watchCondition } from '../condition.js'
import { delayAfter } from '../repetition.js'

interface ClaimOptions {
  while?: string
  direct?: true
  dryRun?: true
}

export const registerClaim: Register = (program, io) => {
  const command = program
    .command('claim')
    .description('Brings flexible IPs to a server, whatever happened before: it can be repeated, and repeats by itself what failed until its time is up.')
    .argument('<server>', 'name, id or zone/name of the server')
    .argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
    .option('--while <command>', 'end when this command of the shell fails; it runs before every change, and every second')
    .option('--direct', 'attach without a detach before')
  withExamples(
    withDryRun(withCommon(command)),
    ['flexip claim web-2 51.159.1.2 tag:vip', 'bring these here; done at once if they are here already'],
    ["flexip claim web-2 51.159.1.2 --while 'test -e /run/is-master'", 'give up as soon as this host is no longer the master'],
  )
  act<ClaimOptions>(command, io, async (session, [server = '', ...words], options) => {
    checkWords(words)
    const endOfCondition = options.while === undefined ? undefined : await watchCondition(session, options.while)
    try {
      const ips = await claim(session, server, words, options)
      if (ips) await session.printIps(ips, 'known')
    } catch (error) {
      // The reason of the abort says more than what it made of the call, unless the call says what is where.
      if (session.signal.aborted && !(isFlexipError(error) && 'moves' in error)) throw session.signal.reason
      throw error
    } finally {
      endOfCondition?.()
    }
  })
}

/** Repeats the claim until it is done, refused for good, or its time is up. Returns nothing after a dry run. */
export async function claim(session: Session, server: string, words: string[], options: ClaimOptions): Promise<FlexibleIP[] | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await claimOnce(session, server, words, options)
    } catch (error) {
      const delay = delayAfter(error, attempt, session.remaining())
      if (delay === undefined || session.signal.aborted) throw error
      session.say(`not done yet: ${error instanceof Error ? error.message : String(error)}; again in ${Math.round(delay / 1000)} s`)
      await session.io.sleep(delay, session.signal)
      session.signal.throwIfAborted()
      if (session.remaining() <= 0) throw error
    }
  }
}

async function claimOnce(session: Session, server: string, words: string[], options: ClaimOptions): Promise<FlexibleIP[] | undefined> {
  const { client, servers } = await session.connection()
  const target = await servers.find(server)
  const inventory = await readInventory(session)
  const ips = collectGroups(session, await selectIps(session, words, inventory), inventory.ips)
  const zone = checkZones(ips, target)
  const request = { zone, serverId: target.id, fipsIds: ips.map(({ id }) => id), ...(options.direct && { strategy: 'direct' as const }) }
  if (options.dryRun) {
    await printSteps(session, (await client.ensureAttached({ ...request, dryRun: true }, session.call())) as MoveStep[], inventory.ips)
    return undefined
  }
  const endOfProgress = await showProgress(session, ips)
  try {
    return await client.ensureAttached({ ...request, dryRun: false }, session.call())
  } finally {
    endOfProgress()
  }
}

