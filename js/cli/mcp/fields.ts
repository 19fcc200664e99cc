// What a tool is called with: JSON Schema for the client, and the check of what comes.
import { quoted, wrongArgument } from '../stop.js'

/** A field of a tool, as JSON Schema. */
export type Field =
  | { type: 'string'; description: string; enum?: readonly string[] }
  | { type: 'array'; description: string; items: { type: 'string' }; minItems: number }
  | { type: 'integer'; description: string; minimum: number; maximum: number }
  | { type: 'boolean'; description: string }

/** The fields of a tool by their names. */
export interface Fields {
  properties: Readonly<Record<string, Field>>
  required: readonly string[]
}

/** What a tool was called with, checked. */
export class Values {
  readonly #values: Readonly<Record<string, unknown>>

  /** Throws a `Stop` that names the field, what was wrong with it, and what is allowed. */
  constructor({ properties, required }: Fields, values: Readonly<Record<string, unknown>> = {}) {
    for (const name of Object.keys(values)) if (!Object.hasOwn(properties, name)) throw wrongArgument(`there is no field ${quoted(name)}`, `Allowed are ${Object.keys(properties).join(', ') || 'no fields'}.`)
    for (const [name, field] of Object.entries(properties)) {
      const value = values[name]
      if (value === undefined && !required.includes(name)) continue
      const allowed = problemOf(field, value)
      if (allowed !== undefined) throw wrongArgument(value === undefined ? `the field ${name} is missing` : `the field ${name} is wrong`, `Allowed is ${allowed}.`)
    }
    this.#values = values
  }

  /** A text; an empty one if it was left out. */
  text(name: string): string {
    const value = this.#values[name]
    return typeof value === 'string' ? value : ''
  }

  /** A list of texts; an empty one if it was left out. */
  texts(name: string): string[] {
    const value = this.#values[name]
    return Array.isArray(value) ? (value as string[]) : []
  }

  /** The option `--<option>=<value>` of a command for each text, number or true of the field. */
  option(name: string, option = name): string[] {
    const value = this.#values[name]
    if (value === undefined || value === false) return []
    return value === true ? [`--${option}`] : [value].flat().map((item) => `--${option}=${String(item)}`)
  }
}

/** What is allowed, if the value is not. */
function problemOf(field: Field, value: unknown): string | undefined {
  switch (field.type) {
    case 'string':
      if (field.enum) return typeof value === 'string' && field.enum.includes(value) ? undefined : `one of ${field.enum.join(', ')}`
      return typeof value === 'string' && value !== '' ? undefined : 'a text that is not empty'
    case 'array':
      return Array.isArray(value) && value.length >= field.minItems && value.every((item) => typeof item === 'string' && item !== '') ? undefined : `a list of texts that are not empty, at least ${field.minItems}`
    case 'integer':
      return Number.isInteger(value) && (value as number) >= field.minimum && (value as number) <= field.maximum ? undefined : `a whole number from ${field.minimum} to ${field.maximum}`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false'
  }
}
