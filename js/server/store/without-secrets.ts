// Takes the emulator's secrets out of what the log gets of a request, with the same response at replay.
import type { EmulatorHost } from '../../emulator/host.js'

/** The fields of bodies that the state keeps as they are. They stay, with whatever they contain. */
const texts = ['description', 'tags', 'reverse', 'name']
/** The other fields of bodies. All other fields are ignored, also at replay. */
const ids = ['project_id', 'server_id', 'fips_ids', 'mac_type', 'duplicate_from_fip_id', 'dst_fip_id', 'is_ipv6']
const macTypes = ['vmware', 'xen', 'kvm']
const removed = '[removed]'

/** A string of JSON, with the colon after a name; a number; the beginning or the end of a list or an object. */
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|[[{\]}]/gs

export class WithoutSecrets {
  readonly #host: EmulatorHost
  /** The Projects and the Organization. One that equals a secret has to stay. */
  readonly #tenants: readonly string[]

  constructor(host: EmulatorHost, tenants: readonly string[]) {
    this.#host = host
    this.#tenants = tenants.map((id) => id.toLowerCase())
  }

  /** The path of a target. The core cleaned each of its parts, but a secret with a slash is in several. */
  path(path: string, status: number): string {
    // Only where the API has no such path does the number of parts make no difference.
    if (status !== 501 || !this.#has(path)) return path
    const [before = ''] = this.#clean(path).split(removed)
    return `${before}${removed}${`/${removed}`.repeat(path.split('/').length)}`
  }

  body(body: Uint8Array): Uint8Array {
    if (body.length === 0) return body
    const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString()
    if (!this.#has(text)) return body
    // Neither is JSON before and after. The first byte of the other is in no text.
    if (text.includes('\uFFFD')) return new Uint8Array([0xff])
    return new TextEncoder().encode(isJson(text) ? this.#json(text) : removed)
  }

  #json(text: string): string {
    let [depth, field] = [0, '']
    return text.replaceAll(token, (unit: string, literal: string | undefined, colon: string | undefined) => {
      if (/[[{]/.test(unit[0] ?? '')) depth++
      if (/[\]}]/.test(unit[0] ?? '')) depth--
      const isName = colon !== undefined
      const value = literal === undefined ? unit : (JSON.parse(literal) as string)
      if (isName && depth === 1) field = value
      if (texts.includes(field) || (!this.#has(unit) && !this.#has(value))) return unit
      if (literal === undefined) return '0'
      if (isName) return depth === 1 && ids.includes(value) ? unit : `"${removed}"${colon}`
      return ids.includes(field) ? JSON.stringify(this.#id(value)) : `"${removed}"`
    })
  }

  /** An unknown id in place of an id, and no id in place of what is none. */
  #id(value: string): string {
    if (macTypes.includes(value) || this.#tenants.includes(value.toLowerCase())) return value
    const part = encodeURIComponent(wellFormed(value))
    const cleaned = this.#host.core.targetForLog(part)
    return cleaned === part ? value : cleaned
  }

  #has(text: string): boolean {
    return text !== '' && this.#clean(text) !== wellFormed(text)
  }

  /** What the core does with a query, it does with any text. */
  #clean(text: string): string {
    return this.#host.core.targetForLog(`?${text}`).slice(1)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The text as the core gets it. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}
