import { ConfigurationError } from '../../errors/index.js'

/** A state on disk that cannot be used: damaged, of a newer version, in use, or made with other options. */
export class StateError extends ConfigurationError {
  static override get name(): string {
    return 'StateError'
  }
}
