// A client from the environment.
import { secretsOfOptions } from '../client/secrets.js'
import { type ClientOptions, ConfigurationError, FlexibleIpClient } from '../index.js'
import { cleanDeep } from '../transport/redaction.js'
import { readConfigFile } from './config-file.js'
import { type Environment, environmentKeys, environmentProfile } from './environment.js'
import type { Keys } from './keys.js'
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
  const profile = load(options, environmentKeys(options.env ?? process.env))
  refuse(profileProblems(profile))
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
export function clientFromEnvironment({ profile: name, configPath, env = process.env, onWarning, ...options }: EnvironmentOptions = {}): FlexibleIpClient {
  const keys = environmentKeys(env)
  keys.add(...secretsOfOptions(options))
  const profile = load({ profile: name, configPath, env, onWarning }, keys)
  // What an option replaces is not checked.
  for (const [field, option] of replaced) if (options[option] !== undefined) delete profile[field]
  if (options.secretKey !== undefined || options.sessionToken !== undefined) delete profile.secretKey
  const problems = profileProblems(profile)
  const hasCredential = profile.secretKey !== undefined || options.secretKey !== undefined || options.sessionToken !== undefined
  // Another address may be that of a proxy, which has the key.
  if (!hasCredential && profile.apiUrl === undefined && options.baseUrl === undefined) {
    problems.push(problem(names.secretKey, 'there is none: set SCW_ACCESS_KEY and SCW_SECRET_KEY, or write them into the config file', 'required'))
  }
  refuse(problems)
  if (profile.insecure && options.fetch === undefined) {
    warnOf(onWarning)('insecure is set, but certificates are verified all the same: give the option fetch to change that')
  }
  return createdClient({ ...clientOptions(profile), ...options }, keys)
}

/** The client, whose errors repeat no key: it does not know the access key, nor the keys of other profiles. */
function createdClient(options: ClientOptions, keys: Keys): FlexibleIpClient {
  try {
    return new FlexibleIpClient(options)
  } catch (error) {
    if (!(error instanceof ConfigurationError) || keys.hide(error.message) === error.message) throw error
    const details = cleanDeep(error.details, (text) => keys.hide(text))
    throw Object.assign(new ConfigurationError(keys.hide(error.message)), { details })
  }
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

function load({ profile: name, configPath, env = process.env, onWarning }: ProfileOptions, keys: Keys): Profile {
  const warn = warnOf(onWarning)
  const file = readConfigFile(configPath, env, warn, keys)
  const asked = [
    ['the option profile', name],
    ['SCW_PROFILE', env.SCW_PROFILE || undefined],
    ['active_profile', file?.active],
  ] as const
  const [source, asking] = asked.find(([, value]) => value !== undefined) ?? []
  const fromFile = file ? chosen(file, asking, source, keys) : {}
  if (!file && name !== undefined) warn('there is no config file, so that the profile of the option profile is not read')
  return merged(fromFile, environmentProfile(env, warn))
}

/** The profile of a name over the root profile. The error does not repeat the name, which may be a key in the wrong place, but where it is from. */
function chosen({ root, profiles }: NonNullable<ReturnType<typeof readConfigFile>>, name: string | undefined, source: string | undefined, keys: Keys): Profile {
  if (name === undefined || name === 'default') return root
  const profile = profiles.get(name)
  if (profile) return merged(root, profile)
  const known = ['default', ...profiles.keys()].map((name) => keys.hideForms(name)).join(', ')
  throw configurationError([problem('profile', profiles.has(name) ? `${source} names a profile without a value` : `${source} names a profile that does not exist; there are ${known}`, 'unknown')])
}

function refuse(problems: ReturnType<typeof profileProblems>): void {
  if (problems.length > 0) throw configurationError(problems)
}

function warnOf(onWarning: ProfileOptions['onWarning']): (message: string) => void {
  return onWarning ?? ((message) => process.emitWarning(message, 'FlexipWarning'))
}
