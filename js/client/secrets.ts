// The secrets in options: what no error and no event may repeat.
import { secretsOf } from '../transport/redaction.js'
import type { CallOptions, ClientOptions } from './options.js'
import { orUndefined } from './or-undefined.js'

/** The length of the longest secret that the core takes. To search for a longer one would take seconds, and messages repeat beginnings only. */
const lengthMax = 16_384

/** The secrets in the options of a client or of a call. Options that are a text may be a key in the wrong place. */
export function secretsOfOptions(options: ClientOptions | CallOptions | undefined): string[] {
  if (options === undefined) return []
  if (typeof options === 'string') return [(options as string).slice(0, lengthMax)]
  const read = (name: keyof ClientOptions) => orUndefined(() => (options as ClientOptions | undefined)?.[name])
  const keys = [read('secretKey'), read('sessionToken')].filter((key) => typeof key === 'string')
  const headers = read('headers')
  const secrets = [...keys.flatMap((key) => [key, key.trim()]), ...(orUndefined(() => secretsOf(fieldsOf(headers))) ?? [])]
  return secrets.map((secret) => secret.slice(0, lengthMax))
}

/** The fields of headers: an object, or a `Headers`. */
function fieldsOf(headers: unknown): Record<string, unknown> {
  if (typeof headers !== 'object' || headers === null) return {}
  const { entries } = headers as { entries?: unknown }
  return typeof entries === 'function' ? Object.fromEntries((headers as Headers).entries()) : { ...headers }
}
