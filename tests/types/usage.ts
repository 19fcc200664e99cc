// What the types allow and what they do not. tsc checks it; nothing runs it.
import {
  AmbiguousResultError,
  type AllZones,
  type CallOptions,
  type ClientEvent,
  type ClientOptions,
  ConfigurationError,
  type EnsureAttachedRequest,
  type Fetch,
  type FlexibleIP,
  FlexibleIpClient,
  type FlexibleIPStatus,
  FlexipError,
  IncompleteError,
  IncompleteListError,
  InvalidArgumentsError,
  type Listing,
  type MoveStep,
  type Problem,
  QuotasExceededError,
  WaitError,
  type Zone,
  buildRequest,
  checkSameServer,
  consoleLogger,
  isFlexipError,
  macGroups,
  parseIp,
  srn,
  validate,
} from 'flexip'
import { type EmulatorOptions, type Fault, FlexibleIpEmulator, type JournalEntry } from 'flexip/emulator'
import { type Profile, clientFromEnvironment, profileFromEnvironment } from 'flexip/node'
import { createProxy } from 'flexip/proxy'

const emulator = new FlexibleIpEmulator({ seed: 1, timing: 'recorded', clock: 'manual', startsAt: new Date(0), quota: 3 })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1' })

// The platform's fetch and the emulator's are each a Fetch, and the emulator's is the platform's.
export const fetches: Fetch[] = [globalThis.fetch, emulator.fetch]
export const platform: typeof globalThis.fetch = emulator.fetch

// Credentials in every form.
export const options: ClientOptions[] = [
  { secretKey: 'key' },
  { secretKey: () => 'key', timeoutMs: 5 },
  { secretKey: async () => 'key', userAgentSuffix: 'x' },
  { baseUrl: '/api', headers: { 'X-Mine': 'yes' }, allowUnknownZones: true },
]
export const call: CallOptions = { signal: new AbortController().signal, timeoutMs: 5, headers: {}, skipPreflight: true, beforeRetry: async ({ attempts, error }) => void [attempts.toFixed(), error.code] }

// A known zone is suggested, another one may be written.
export const zones: Zone[] = ['fr-par-1', 'it-mil-1']

export async function results(): Promise<void> {
  const { totalCount, flexibleIps } = await client.listFlexibleIPs()
  const [ip] = flexibleIps
  if (!ip) return
  const count: number = totalCount
  const status: FlexibleIPStatus = ip.status
  const server: string | undefined = ip.serverId
  const date: Date | undefined = ip.macAddress?.updatedAt
  const nothing: void = await client.deleteFlexibleIP({ fipId: ip.id }, call)
  const problems: Problem[] = [...validate.moveMACAddr({ fipId: ip.id, dstFipId: ip.id }), ...checkSameServer(ip, ip)]
  const method: 'GET' | 'POST' | 'PATCH' | 'DELETE' = buildRequest.getFlexibleIP({ fipId: ip.id }).method
  const headers: Record<string, string> = buildRequest.listFlexibleIPs({}).headers
  const family: 4 | 6 | undefined = parseIp(ip.ipAddress)?.family
  const { data, response, attempts } = await client.withResponse.getFlexibleIP({ fipId: ip.id })
  const id: string | undefined = response.requestId
  console.log(count, status, server, date, nothing, problems, method, headers, family, data.id, attempts, id, srn(ip))
}

export function errors(error: unknown): string | number | undefined {
  if (error instanceof QuotasExceededError) return error.details[0]?.quota
  if (error instanceof InvalidArgumentsError || error instanceof ConfigurationError) return error.details[0]?.argumentName
  if (isFlexipError(error)) return error.requestId ?? error.code
  if (error instanceof FlexipError) return error.status
  return undefined
}

export const settings: EmulatorOptions[] = [{}, { timing: { attach: 5 } }, { goneIp: 'notFound', projects: [], secretKey: 'key', sessionToken: 'jwt' }]
export const faults: Fault[] = ['rateLimit', 'dropAfter', 'garbage', { delay: 5 }, { truncate: 3 }, { status: { status: 503, headers: {} } }]
export const journal: JournalEntry[] = emulator.journal

export async function explicitUndefined(): Promise<void> {
  await client.createFlexibleIP({ description: undefined, tags: undefined }, { idempotencyKey: undefined, signal: undefined })
  new FlexibleIpClient({ secretKey: undefined, defaultZone: undefined, retry: { maxAttempts: undefined } })
}

/** What a `switch` over the code knows of an error. */
export function describeFailure(error: unknown): string {
  if (!isFlexipError(error)) return 'unknown'
  switch (error.code) {
    case 'quotas_exceeded':
      return String(error.details[0]?.quota)
    case 'transient_state':
      return error.currentState ?? 'unknown'
    case 'wait':
      return error.fipId
    // @ts-expect-error a code that there is not
    case 'quota_exceeded':
      return ''
    default:
      return error.message
  }
}

export async function mistakes(): Promise<void> {
  // @ts-expect-error a request without what it acts on
  await client.getFlexibleIP({})
  // @ts-expect-error the field is called fipId
  await client.getFlexibleIP({ fip_id: 'x' })
  // @ts-expect-error a list of ids
  await client.detachFlexibleIP({ fipsIds: 'x' })
  // @ts-expect-error a status that there is not
  await client.listFlexibleIPs({ status: ['attaching'] })
  // @ts-expect-error a type that there is not
  await client.generateMACAddr({ fipId: 'x', macType: 'hyperv' })
  // @ts-expect-error a boolean
  await client.createFlexibleIP({ isIpv6: 'true' })
  // @ts-expect-error an option that there is not
  await client.listFlexibleIPs({}, { timeout: 5 })
  // @ts-expect-error options must be given
  new FlexibleIpClient()
  // @ts-expect-error the option is called baseUrl
  new FlexibleIpClient({ baseURL: 'https://a' })
  // @ts-expect-error a result is not to be written
  new FlexipError('x').code = 'y'
  // @ts-expect-error a setting that there is not
  new FlexibleIpEmulator({ sed: 1 })
  // @ts-expect-error a fault that there is not
  emulator.addFault({ fault: 'explode' })
}

// Lists are promises of a page and iterables of flexible IPs; a dry run gives steps, and a move flexible IPs.
export async function flows(): Promise<void> {
  const list: Listing = client.listFlexibleIPs({}, { retry: false, totalTimeoutMs: 5 })
  for await (const { ipAddress } of list) console.log(ipAddress satisfies string)
  for await (const { flexibleIps, totalCount } of list.pages()) console.log(flexibleIps.length + totalCount)
  const zonesOf: AllZones = await client.listAllZones({ tags: ['prod'] })
  const groups = macGroups(await list.all())
  const steps = await client.failover({ fromServerId: 'a', toServerId: 'b', dryRun: true })
  const action: 'attach' | 'detach' | undefined = steps[0]?.action
  const moved = await client.failover({ fromServerId: 'a', toServerId: 'b', strategy: 'direct' })
  const found = await client.findByIp('51.15.0.1')
  const made = await client.createAndAttach({ serverId: 'a' }, { idempotencyKey: 'order-7' })
  // @ts-expect-error a server is needed
  await client.createAndAttach({})
  // @ts-expect-error the key is for what is made
  await client.getFlexibleIP({ fipId: 'a' }, { idempotencyKey: 'order-7' })
  console.log(zonesOf.failures[0]?.error.code, groups, action, moved[0]?.status, found?.id, made.id)
}

// A dry run that is decided at run time gives either; a list may be read-only; headers may be a Headers.
export async function decidedLater(dryRun: boolean, ids: readonly string[], frozen: Readonly<EnsureAttachedRequest>): Promise<void> {
  const either: FlexibleIP[] | MoveStep[] = await client.ensureAttached({ fipsIds: ids, serverId: 'a', dryRun })
  const other: FlexibleIP[] | MoveStep[] = await client.failover({ fromServerId: 'a', toServerId: 'b', fipsIds: ids, dryRun })
  const resumed: FlexibleIP[] | MoveStep[] = await client.ensureAttached(frozen)
  const moved: FlexibleIP[] = await client.failover({ fromServerId: 'a', toServerId: 'b', dryRun: false })
  const steps: MoveStep[] = await client.ensureAttached({ fipsIds: ids, serverId: 'a', dryRun: true })
  // @ts-expect-error the steps of a dry run are no flexible IPs
  const wrong: FlexibleIP[] = await client.ensureAttached({ fipsIds: ids, serverId: 'a', dryRun })
  const tags = ['a', 'b'] as const
  await client.createFlexibleIP(Object.freeze({ tags }))
  await client.updateFlexibleIP({ fipId: 'a', tags })
  await client.listFlexibleIPs({ tags, serverIds: ids, status: ['ready'] as const }, { headers: new Headers() })
  await client.attachFlexibleIP({ fipsIds: ids, serverId: 'a' })
  await client.detachFlexibleIP({ fipsIds: ids })
  await client.waitForFlexibleIPs({ fipsIds: ids })
  new FlexibleIpClient({ secretKey: 'x', headers: new Headers() })
  // @ts-expect-error a list of pairs is no Headers
  new FlexibleIpClient({ secretKey: 'x', headers: [['a', 'b']] })
  console.log(either, other, resumed, moved, steps, wrong)
}

export function delayOrStatus(event: ClientEvent): number | undefined {
  consoleLogger({ level: 'debug' })(event)
  return event.type === 'retry' ? event.delayMs : event.type === 'response' ? event.status : undefined
}

export function left(error: unknown): string | undefined {
  if (error instanceof IncompleteError) return error.moves.find(({ arrived }) => !arrived)?.last?.serverId
  if (error instanceof WaitError) return error.last?.status
  if (error instanceof IncompleteListError) return `${error.flexibleIps.length} of ${error.totalCount}`
  return error instanceof AmbiguousResultError ? String(error.cause) : undefined
}

export function proxyOfUsers(request: Request): Promise<Response> {
  const proxy = createProxy({
    authorize: ({ headers }) => (headers.has('cookie') ? { id: 'ann', team: 'mail' as const } : undefined),
    // The caller has the fields that authorize gives.
    secretKey: async ({ team }) => `key of ${team}`,
    policy: ({ team }) => ({ readOnly: team !== 'mail', grants: [{ projects: ['x'], operations: ['getFlexibleIP'] }] }),
    limits: async ({ team }) => ({ requestsPerMinute: team === 'mail' ? 60 : 10 }),
    origins: ['https://console.example'],
    onAudit: ({ outcome, operation }) => console.log(outcome, operation),
  })
  createProxy({
    authorize: () => ({ id: 'ann' }),
    secretKey: 'x',
    origins: [],
    // @ts-expect-error there is no such operation
    policy: { grants: [{ projects: ['x'], operations: ['getFlexibleIp'] }] },
  })
  // @ts-expect-error a caller has an id
  createProxy({ authorize: () => ({ name: 'ann' }), secretKey: 'x', origins: [], policy: { grants: [] } })
  return proxy(request)
}

export function fromEnvironment(): FlexibleIpClient {
  const { defaultZone }: Profile = profileFromEnvironment({ profile: 'dev', onWarning: console.warn })
  return clientFromEnvironment({ profile: undefined, retry: false, ...(defaultZone !== undefined && { defaultZone }) })
}
