// The texts and tags of a topology or a plan, by the rules of the client.
import { validate } from '../../index.js'

/** What can be set of a flexible IP. */
export interface Fields {
  description?: string
  tags?: readonly string[]
  reverse?: string
}

const anyFlexibleIp = { zone: 'fr-par-1', fipId: '00000000-0000-4000-8000-000000000000' } as const

/** What the client would refuse of these fields, before anything is sent. */
export function problemsOfFields({ description, tags, reverse }: Fields): string[] {
  const request = { ...anyFlexibleIp, ...(description !== undefined && { description }), ...(tags && { tags: [...tags] }), ...(reverse !== undefined && { reverse }) }
  return validate.updateFlexibleIP(request).filter(({ severity }) => severity === 'error').map(({ field, helpMessage }) => `${field}: ${helpMessage}`)
}
