// Random requests: those that break no rule, and those that only fit the official SDK's types.
import fc, { type Arbitrary } from 'fast-check'
import { fipId } from './bodies.js'
import type { OperationName } from './operations.js'

export type Request = Record<string, unknown>

export const zones = ['fr-par-1', 'fr-par-2', 'nl-ams-1', 'nl-ams-2', 'pl-waw-2', 'pl-waw-3']
const statuses = ['unknown', 'ready', 'updating', 'attached', 'error', 'detaching', 'locked']

/** Any Unicode, also what URLs, query strings and JSON have to escape. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'%+&=?#/\\"\' \t\r\n\0.;,:@~*()[]{}é😹￿'), maxLength: 12 }),
)
const description = fc.oneof(
  anyText,
  fc.string({ unit: 'binary', minLength: 250, maxLength: 255 }).filter((text) => [...text].length <= 255),
)
const hostName = fc.tuple(fc.domain(), fc.constantFrom('', '.')).map((parts) => parts.join(''))
const uuids = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 64 })

type Part = Record<string, Arbitrary<unknown>>

interface Fields {
  zone: Arbitrary<unknown>
  id: Arbitrary<unknown>
  ids: Arbitrary<unknown>
  description: Arbitrary<unknown>
  reverse: Arbitrary<unknown>
  tags: Arbitrary<unknown>
  macType: Arbitrary<unknown>
  page: Arbitrary<unknown>
  pageSize: Arbitrary<unknown>
}

function requests(fields: Fields): Record<OperationName, Arbitrary<Request>> {
  const { zone, id, ids, description, reverse, tags, macType, page, pageSize } = fields
  const record = (required: Part, optional: Part = {}): Arbitrary<Request> =>
    fc.tuple(fc.record(required), fc.record({ ...optional, zone }, { requiredKeys: [] })).map((parts) => Object.assign({}, ...parts) as Request)
  const lists = { tags, status: fc.array(fc.constantFrom(...statuses), { maxLength: 8 }), serverIds: fc.array(id, { maxLength: 5 }) }
  const order = fc.constantFrom('created_at_asc', 'created_at_desc')
  return {
    listFlexibleIPs: record({}, { orderBy: order, page, pageSize, organizationId: id, projectId: id, ...lists }),
    createFlexibleIP: record({ description, isIpv6: fc.boolean() }, { projectId: id, tags, serverId: id, reverse }),
    getFlexibleIP: record({ fipId: id }),
    updateFlexibleIP: record({ fipId: id }, { description, tags, reverse }),
    deleteFlexibleIP: record({ fipId: id }),
    attachFlexibleIP: record({ fipsIds: ids, serverId: id }),
    detachFlexibleIP: record({ fipsIds: ids }),
    generateMACAddr: record({ fipId: id, macType }),
    deleteMACAddr: record({ fipId: id }),
    duplicateMACAddr: record({ fipId: id, duplicateFromFipId: id }),
    moveMACAddr: record({ fipId: id, dstFipId: id }),
  }
}

/** Requests that break no rule. (Two equal ids of 2^122 do not come up.) */
export const validRequests = requests({
  zone: fc.constantFrom(...zones),
  id: fc.uuid(),
  ids: uuids,
  description,
  reverse: fc.oneof(hostName, fc.constant('')),
  tags: fc.array(anyText, { maxLength: 6 }),
  macType: fc.constantFrom('vmware', 'xen', 'kvm'),
  page: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  pageSize: fc.integer({ min: 1, max: 100 }),
})

const fewIds = fc.constantFrom(fipId, fipId.toUpperCase())
const wildText = fc.oneof(
  anyText,
  fc.string({ unit: fc.constantFrom('\ud800', '\udfff', 'a'), maxLength: 4 }),
  fc.constantFrom('..', '.', 'attach', '../../../../../iam/v1alpha1/api-keys?x=', 'abc?foo#bar', 'fr-par-1/../x'),
)
const often = <T>(usual: Arbitrary<T>, rare: Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: rare })

/** Requests that fit the types, whatever stands in them. */
export const typedRequests = requests({
  zone: often(fc.constantFrom(...zones), wildText),
  id: fc.oneof({ weight: 6, arbitrary: fc.uuid() }, { weight: 3, arbitrary: fewIds }, { weight: 1, arbitrary: wildText }),
  ids: fc.oneof(uuids, fc.array(fc.oneof(fewIds, wildText), { maxLength: 3 }), fc.uniqueArray(fc.uuid(), { minLength: 65, maxLength: 66 })),
  description: often(description, fc.oneof(wildText, fc.string({ unit: 'binary', minLength: 254, maxLength: 258 }))),
  reverse: often(hostName, wildText),
  tags: fc.array(often(anyText, wildText), { maxLength: 4 }),
  macType: fc.constantFrom('vmware', 'xen', 'kvm', 'unknown_type'),
  page: often<number>(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.oneof(fc.integer(), fc.double())),
  pageSize: often<number>(fc.integer({ min: 1, max: 100 }), fc.oneof(fc.integer({ min: -1, max: 1000 }), fc.double())),
})
