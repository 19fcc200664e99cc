// What a page and the worker with the emulator say to each other.
import type { FaultRule } from 'flexip/emulator/slim'

/** How fast transitions are: as recorded, five times as fast, or without delay. */
export type Speed = 'recorded' | 'fast' | 'instant'

/** The failures that a visitor can order. */
export type FaultSet = 'none' | 'lostResponse' | 'halfFails' | 'throttled'

/** How the emulated fleet behaves. */
export interface Behaviour {
  readonly speed: Speed
  readonly faults: FaultSet
}

/** What a page can do with the emulator besides requests. */
export interface Controls {
  behaviour(): Promise<Behaviour>
  set(behaviour: Partial<Behaviour>): Promise<Behaviour>
  /** Starts over with the fleet of a first visit. */
  reset(): Promise<void>
  /** Takes note that another tab has reset the fleet: until then, no change of this page is carried out. */
  followReset(): Promise<void>
}

/** What the worker knows of its fleet. */
export interface Facts {
  readonly secretKey: string
  readonly projectId: string
  readonly failing: readonly string[]
  /** How often the fleet was reset. */
  readonly resets: number
}

export type Order =
  | { readonly kind: 'facts' }
  | { readonly kind: 'fetch'; /** The resets that the page knows of. A change for a fleet that is no more is refused. */ readonly resets?: number; readonly url: string; readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly kind: 'behaviour' }
  | { readonly kind: 'set'; readonly behaviour: Partial<Behaviour> }
  | { readonly kind: 'reset' }

export interface Answer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

export interface Results {
  readonly facts: Facts
  readonly fetch: Answer
  readonly behaviour: Behaviour
  readonly set: Behaviour
  /** How often it was reset. */
  readonly reset: number
}

/** Carries an order out. */
export type Carry = <Kind extends Order['kind']>(order: Extract<Order, { kind: Kind }>) => Promise<Results[Kind]>

export interface Question {
  readonly number: number
  readonly order: Order
}

export type Reply = { readonly number: number } & ({ readonly result: Results[Order['kind']] } | { readonly failure: string })

/** The rules of each set of failures. */
export const faultRules: Readonly<Record<FaultSet, readonly FaultRule[]>> = {
  none: [],
  lostResponse: [{ operation: 'attachFlexibleIP', nth: 1, fault: 'dropAfter' }],
  // The first unit of a failover arrives. The target refuses the two others, which are not put back on a failing server.
  halfFails: [{ operation: 'attachFlexibleIP', nth: 2, times: 2, fault: { status: { status: 412, body: { type: 'precondition_failed', precondition: 'resource_not_usable', help_message: 'the server is busy', message: 'precondition failed' } } } }],
  throttled: [{ fault: { rateGate: { perSecond: 1, burst: 4 } } }],
}
