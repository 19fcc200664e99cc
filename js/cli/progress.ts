// The progress of moves and waits: one live line on a terminal, a line for each step elsewhere.
import type { ClientEvent, FlexibleIP, MoveStep } from '../index.js'
import { styleOf } from './output.js'
import type { Session } from './session.js'
import { visible } from './table.js'

const done = { attach: 'attached', detach: 'detached' } as const
const doing = { attach: 'attaching', detach: 'detaching' } as const

/** Shows these steps of a move, until the returned function is called. With `--json` it shows nothing. */
export async function showProgress(session: Session, ips: readonly FlexibleIP[], actions: readonly MoveStep['action'][] = ['attach', 'detach']): Promise<() => void> {
  if (session.options.json) return () => undefined
  const { io } = session
  const names = await namesOf(session)
  const style = styleOf(io.errIsTerminal, io.env)
  const addresses = new Map(ips.map(({ id, ipAddress }) => [id, ipAddress]))
  const begin = io.now()
  const live = io.errIsTerminal && io.env.TERM !== 'dumb'
  let pending = ''
  /** The steps that have begun, and whose request is not sent: a gate can stop it. */
  const held = new Map<string, string>()
  const keyOf = (action: string, ids: readonly string[]) => `${action} ${[...ids].sort().join()}`
  const seconds = () => `${((io.now() - begin) / 1000).toFixed(1)} s`
  const draw = () => {
    if (live && pending !== '') io.err(`\r\u001b[K${cut(`${pending} … ${seconds()}`, io.columns)}`)
  }
  const clear = () => {
    if (live && pending !== '') io.err('\r\u001b[K')
  }
  const over = new AbortController()
  const tick = async () => {
    while (!over.signal.aborted) {
      await io.sleep(100, over.signal)
      if (!over.signal.aborted) draw()
    }
  }
  const onEvent = (event: ClientEvent) => {
    if (event.type === 'step') {
      if (!actions.includes(event.action)) return
      const { action, progress } = event
      const subject = visible(event.fipsIds.map((id) => addresses.get(id) ?? id).join(', '))
      // Where it is after a detach, others may have brought it.
      const isLeft = event.action === 'detach' && progress !== 'begun'
      const place = event.serverId === undefined || isLeft ? '' : ` ${event.action === 'attach' ? 'to' : 'from'} ${names(event.serverId)}`
      clear()
      if (progress === 'begun') {
        held.set(keyOf(action, event.fipsIds), `${doing[action]} ${subject}${place}`)
        draw()
      } else {
        const isUnsent = held.delete(keyOf(action, event.fipsIds))
        if (isUnsent && progress === 'failed') return draw()
        io.err(`${progress === 'done' ? style.good(done[action]) : style.bad(`${action} failed:`)} ${subject}${place} ${style.dim(`after ${seconds()}`)}\n`)
        if (pending.endsWith(`${subject}${place}`)) pending = ''
        draw()
      }
    } else if (event.type === 'retry' || event.type === 'pollFailed') {
      clear()
      io.err(`${style.dim(`${visible(session.named(event.error.message))}${session.isHeldBack(event.error) ? '' : ': it is repeated'}`)}\n`)
      draw()
    }
  }
  const onSend = (url: string, body: unknown) => {
    const { fips_ids: ids = [] } = typeof body === 'string' && body !== '' ? (JSON.parse(body) as { fips_ids?: string[] }) : {}
    const key = keyOf(url.endsWith('/detach') ? 'detach' : 'attach', ids)
    const line = held.get(key)
    if (line === undefined) return
    held.delete(key)
    clear()
    pending = line
    if (!live) io.err(`${pending}\n`)
    draw()
  }
  const ends = [session.onEvent(onEvent), session.onSend(onSend)]
  if (live) void tick()
  return () => {
    over.abort()
    for (const end of ends) end()
    clear()
  }
}

/** Prints the steps that a move would make. */
export async function printSteps(session: Session, steps: readonly MoveStep[], ips: readonly FlexibleIP[]): Promise<void> {
  const names = session.options.json ? undefined : await namesOf(session)
  const addresses = new Map(ips.map(({ id, ipAddress }) => [id, ipAddress]))
  for (const { action, fipsIds, serverId } of steps) {
    const shown = fipsIds.map((id) => addresses.get(id) ?? id)
    if (!names) session.printObject({ action, addresses: shown, fipsIds, serverId: serverId ?? null })
    else session.print(`${action} ${shown.join(', ')}${serverId === undefined ? '' : ` ${action === 'attach' ? 'to' : 'from'} ${names(serverId)}`}`)
  }
  if (steps.length === 0) session.say('nothing to do')
}

/** Gives the name of a server, as far as names were read. */
export async function namesOf(session: Session): Promise<(serverId: string) => string> {
  const { servers } = await session.connection()
  return (id) => visible(servers.known.get(id)?.name || id)
}

function cut(text: string, width: number): string {
  return text.length < width ? text : `${text.slice(0, Math.max(0, width - 2))}…`
}
