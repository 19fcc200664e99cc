// flexip/emulator: the Flexible IP API in the same process, as a `fetch` function.
export { type AnyFlexipError, type CalledName, ConfigurationError, EmulatorTrapError, type ErrorCode, type FailureContext, FlexipError, isFlexipError } from './errors/index.js'
export { type EmulatorOptions, FlexibleIpEmulator } from './emulator/emulator.js'
export type { FirstServer } from './emulator/inputs.js'
export type {
  Delays,
  Drip,
  EmulatedServer,
  EmulatorSettings,
  Fault,
  FaultDelay,
  FaultRule,
  FaultStatus,
  Flap,
  JournalEntry,
  Late,
  LateResponse,
  ListedFault,
  RateGate,
  RetryAfter,
  RetryAfterForm,
  Spread,
  Stale,
  Tear,
  Timing,
} from '../build/emulator/flexip.js'
