// A client from the environment.
import { type ClientOptions, FlexibleIpClient } from '../index.js'
import { type ConfigFile, readConfigFile } from './config-file.js'
import { type Environment, environmentProfile } from './environment.js'
import { type Profile, configurationError, merged, names, problem, profileProblems } from './profile.js'

/** Where a profile is read from. */
export interface ProfileOptions {
  /** The name of a profile of the config file. If absent, that of `SCW_PROFILE`, or of the file's `active_profile`, or the file's root. */
  profile?: string | undefined
  /** The path of the config file. If absent, `SCW_CONFIG_PATH`, or `scw/config.yaml` in `XDG_CONFIG_HOME` or in `~/.config`. */
  configPath?: string | undefined
  /** The environment variables. `process.env` if absent. */
  env?: Environment | undefined
  /** Receives a text for each deprecated name, and for a file that others can read. If absent, `process.emitWarning` does. */
  onWarning?: ((message: string) => void) | undefined
}

/** The options of `clientFromEnvironment`: those of a client go before the environment. */
export interface EnvironmentOptions extends ProfileOptions, ClientOptions {}

/**
 * Reads the profile of the config file, with the environment variables over it, as Scaleway's CLI and Go SDK do. A file
 * that does not exist is no error. Throws a `ConfigurationError` that names every invalid setting.
 */
export function profileFromEnvironment(options: ProfileOptions = {}): Profile {
  const { profile, keys } = load(options)
  refuse(profileProblems(profile), keys)
  return profile
}

/**
 * Makes a client with the keys, the API's URL and the defaults of the config file and the environment variables. Throws
 * a `ConfigurationError` that names every invalid setting, or the missing key.
 *
 * @example
 * import { clientFromEnvironment } from 'flexip/node'
 *
 * const client = clientFromEnvironment({ profile: 'staging' })
 */
export function clientFromEnvironment({ profile: name, configPath, env, onWarning, ...options }: EnvironmentOptions = {}): FlexibleIpClient {
  const { profile, keys } = load({ profile: name, configPath, env, onWarning })
  // What an option replaces is not checked.
  for (const [field, option] of replaced) if (options[option] !== undefined) delete profile[field]
  if (options.secretKey !== undefined || options.sessionToken !== undefined) delete profile.secretKey
  const problems = profileProblems(profile)
  const hasCredential = profile.secretKey !== undefined || options.secretKey !== undefined || options.sessionToken !== undefined
  // Another address may be that of a proxy, which has the key.
  if (!hasCredential && profile.apiUrl === undefined && options.baseUrl === undefined) {
    problems.push(problem(names.secretKey, 'there is none: set SCW_ACCESS_KEY and SCW_SECRET_KEY, or write them into the config file', 'required'))
  }
  refuse(problems, keys)
  if (profile.insecure && options.fetch === undefined) {
    warnOf(onWarning)('insecure is set, but certificates are verified all the same: give the option fetch to change that')
  }
  return new FlexibleIpClient({ ...clientOptions(profile), ...options })
}

/** The settings that an option of the client replaces. */
const replaced = [
  ['apiUrl', 'baseUrl'],
  ['defaultZone', 'defaultZone'],
  ['defaultProjectId', 'defaultProjectId'],
  ['defaultOrganizationId', 'defaultOrganizationId'],
  ['userAgent', 'userAgentSuffix'],
] as const satisfies readonly (readonly [keyof Profile, keyof ClientOptions])[]

function clientOptions({ secretKey, userAgent, ...profile }: Profile): ClientOptions {
  const options: ClientOptions = {}
  if (secretKey !== undefined) options.secretKey = secretKey
  for (const [field, option] of replaced) {
    const value = field === 'userAgent' ? userAgent || undefined : profile[field]
    if (value !== undefined) options[option] = value
  }
  return options
}

/** The profile, and the keys of all profiles. */
function load({ profile: name, configPath, env = process.env, onWarning }: ProfileOptions): { profile: Profile; keys: string[] } {
  const warn = warnOf(onWarning)
  const file = readConfigFile(configPath, env, warn)
  const fromFile = file ? chosen(file, name ?? (env.SCW_PROFILE || file.active)) : {}
  if (!file && name !== undefined) warn(`there is no config file, so that the profile ${name} is not read`)
  const ofEnvironment = environmentProfile(env, warn)
  return { profile: merged(fromFile, ofEnvironment), keys: [...keysOf(file), ...keysIn([ofEnvironment])] }
}

function keysOf(file: ConfigFile | undefined): string[] {
  return file ? keysIn([file.root, ...file.profiles.values()]) : []
}

/** The length from which a key is not repeated: a shorter one is none, and in other words by chance. */
const keyMin = 8

function keysIn(profiles: readonly (Profile | undefined)[]): string[] {
  return profiles.flatMap((profile) => ((profile?.secretKey?.length ?? 0) < keyMin ? [] : (profile?.secretKey ?? [])))
}

/** The profile of a name over the root profile. */
function chosen(file: ConfigFile, name: string | undefined): Profile {
  const { root, profiles } = file
  if (name === undefined || name === 'default') return root
  const profile = profiles.get(name)
  if (profile) return merged(root, profile)
  const known = ['default', ...profiles.keys()].join(', ')
  throw configurationError([problem('profile', profiles.has(name) ? `the profile ${name} has no value` : `there is no profile ${JSON.stringify(name)}; there are ${known}`, 'unknown')], undefined, keysOf(file))
}

function refuse(problems: ReturnType<typeof profileProblems>, keys: readonly string[]): void {
  if (problems.length > 0) throw configurationError(problems, undefined, keys)
}

function warnOf(onWarning: ProfileOptions['onWarning']): (message: string) => void {
  return onWarning ?? ((message) => process.emitWarning(message, 'FlexipWarning'))
}
