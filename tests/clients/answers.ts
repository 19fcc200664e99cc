// What other people's programs asked the emulator and were answered: docs/figures/clients.json. The table of the guide
// is made from it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalEntry } from 'flexip/emulator'
import { expect } from 'vitest'

const file = join(import.meta.dirname, '../../docs/figures/clients.json')

/** The requests of one program, each with the statuses of its responses. */
export class Answers {
  readonly #statuses = new Map<string, Set<number>>()

  /** Reads and returns the journal of an emulator. */
  async read(url: string): Promise<JournalEntry[]> {
    const journal = (await (await fetch(`${url}/_emulator/journal`)).json()) as JournalEntry[]
    for (const entry of journal) {
      // A fault broke the connection.
      if (entry.status === undefined) continue
      const statuses = this.#statuses.get(nameOf(entry)) ?? new Set()
      this.#statuses.set(nameOf(entry), statuses.add(entry.status))
    }
    return journal
  }

  /** Compares everything that was read with the file. `UPDATE=1` writes the file instead. */
  expectAsDocumented(program: string): void {
    const documented = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, number[]>>
    const names = [...this.#statuses.keys()].sort()
    const found = Object.fromEntries(names.map((name) => [name, [...(this.#statuses.get(name) ?? [])].sort((one, other) => one - other)]))
    if (process.env.UPDATE) writeFileSync(file, `${JSON.stringify({ ...documented, [program]: found }, null, 2)}\n`)
    else expect(found, 'UPDATE=1 writes docs/figures/clients.json').toEqual(documented[program])
  }
}

/** The operation of a request, or its method and path with words instead of what varies. */
function nameOf({ operation, method, target }: JournalEntry): string {
  if (operation) return operation
  const path = target.replace(/\?.*/, '').replace(/(?<=\/zones\/)[^/]+/, '{zone}').replace(/(?<=\/(?:servers|offers)\/).+/, '{id}').replace(/(?<=\/api-keys\/).+/, '{access_key}')
  return `${method} ${path}`
}
