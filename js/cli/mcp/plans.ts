// Plans: what a change would do, and what it was seen to start from. A plan that is stale is not applied.
import { createHash } from 'node:crypto'
import { exitCodes } from '../exit-codes.js'
import { Stop, quoted, wrongArgument } from '../stop.js'
import type { Commands, Ended } from './commands.js'

/** A plan. */
export interface Plan {
  /** The SHA-256 sum of the rest: the same change from the same state has the same id. */
  id: string
  /** The command that makes the change. */
  command: string
  steps: unknown[]
  /** The flexible IPs that it concerns, as they were seen. */
  seen: unknown[]
}

/** Why a command did not do what a tool asked for. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  constructor(readonly ended: Ended) {
    super(`the command ended with ${ended.exitCode}`)
  }
}

interface Change {
  args: readonly string[]
  words: readonly string[]
}

/** The plans that were made and not applied. They end with the server. */
export class Plans {
  readonly #commands: Commands
  readonly #changes = new Map<string, { change: Change; plan: Plan }>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(commands: Commands) {
    this.#commands = commands
  }

  /** Makes a plan. */
  async make(change: Change, signal: AbortSignal): Promise<Plan> {
    const plan = await this.#plan(change, signal)
    this.#changes.set(plan.id, { change, plan })
    return plan
  }

  /** Makes the change of a plan, once, and one plan after the other. Throws a `Stop` if it is unknown or stale. */
  apply(id: string, signal: AbortSignal): Promise<Ended> {
    const applied = this.#last.then(() => this.#apply(id, signal))
    // Its caller learns of the failure; the next plan only waits for its end.
    this.#last = applied.catch(() => undefined)
    return applied
  }

  async #apply(id: string, signal: AbortSignal): Promise<Ended> {
    const known = this.#changes.get(id)
    if (!known) throw wrongArgument(`there is no plan ${quoted(id)}`, 'It was applied, or another server made it. Make the plan again.')
    const now = await this.#plan(known.change, signal)
    this.#changes.delete(id)
    if (now.id !== id) throw new Stop(exitCodes.refused, 'the plan is stale: what it was made of has changed', [`It saw ${JSON.stringify(known.plan.seen)}, and now there is ${JSON.stringify(now.seen)}.`, 'Nothing was changed. Make the plan again.'])
    const [name = ''] = known.change.args
    const asks = ['rm', 'detach', 'mac'].includes(name)
    return this.#run(asks ? withOptions(known.change.args, '--yes') : known.change.args, signal)
  }

  async #plan({ args, words }: Change, signal: AbortSignal): Promise<Plan> {
    const { objects: steps } = await this.#run(withOptions(args, '--dry-run'), signal)
    const ids = new Set((steps as { fipId?: string; fipsIds?: string[] }[]).flatMap(({ fipId, fipsIds }) => fipsIds ?? (fipId === undefined ? [] : [fipId])))
    const named = words.length === 0 ? [] : (await this.#run(['get', '--', ...words], signal)).objects
    for (const { id } of named as { id: string }[]) ids.add(id)
    const all = ids.size === 0 ? [] : ((await this.#run(['get', '--', ...ids], signal)).objects as { id: string }[])
    const seen = all.sort((one, other) => (one.id < other.id ? -1 : 1))
    const content = { command: `flexip ${args.filter((arg) => arg !== '--').join(' ')}`, steps, seen }
    return { id: createHash('sha256').update(JSON.stringify(content)).digest('hex'), ...content }
  }

  async #run(args: readonly string[], signal: AbortSignal): Promise<Ended> {
    const ended = await this.#commands.run(args, signal)
    if (ended.exitCode !== 0) throw new CommandFailed(ended)
    return ended
  }
}

/** The arguments with an option before the words. */
function withOptions([name = '', ...others]: readonly string[], option: string): string[] {
  return name === 'mac' ? [name, others[0] ?? '', option, ...others.slice(1)] : [name, option, ...others]
}
