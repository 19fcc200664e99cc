// A profile: the settings of a config file or of the environment, and their checks.
import { ConfigurationError, type InvalidArgument } from '../index.js'

/** The settings that a config file or the environment has. This library uses the keys, the URL, the defaults and the user agent. */
export interface Profile {
  /** The access key. No request has it, but Scaleway's tools want it beside the secret key. */
  accessKey?: string
  /** The secret key. */
  secretKey?: string
  /** The address of the API. */
  apiUrl?: string
  /** The address of Object Storage. */
  s3Endpoint?: string
  /** Whether Object Storage has its buckets in paths. */
  s3UsePathStyle?: boolean
  /** Whether certificates are not verified. */
  insecure?: boolean
  /** The default Organization. */
  defaultOrganizationId?: string
  /** The default Project. */
  defaultProjectId?: string
  /** The default region. */
  defaultRegion?: string
  /** The default zone. */
  defaultZone?: string
  /** Whether Scaleway's CLI may send statistics. */
  sendTelemetry?: boolean
  /** The user agent. */
  userAgent?: string
}

/** The name of each setting in a config file. */
export const names: Readonly<Record<keyof Profile, string>> = {
  accessKey: 'access_key',
  secretKey: 'secret_key',
  apiUrl: 'api_url',
  s3Endpoint: 's3_endpoint',
  s3UsePathStyle: 's3_use_path_style',
  insecure: 'insecure',
  defaultOrganizationId: 'default_organization_id',
  defaultProjectId: 'default_project_id',
  defaultRegion: 'default_region',
  defaultZone: 'default_zone',
  sendTelemetry: 'send_telemetry',
  userAgent: 'user_agent',
}

/** The settings that are true or false. */
export const switches: readonly (keyof Profile)[] = ['s3UsePathStyle', 'insecure', 'sendTelemetry']

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The longest user agent, in characters. */
const userAgentMax = 512

/** What is wrong with a profile, in the order and by the rules of Scaleway's Go SDK. No message repeats a value: it may be a key in the wrong place. */
export function profileProblems(profile: Profile): InvalidArgument[] {
  const { accessKey, secretKey, userAgent, apiUrl, s3Endpoint } = profile
  const problems: InvalidArgument[] = []
  const check = (field: keyof Profile, isRight: boolean, help: string) => {
    if (!isRight) problems.push(problem(names[field], help))
  }
  const checkText = (field: 'defaultOrganizationId' | 'defaultProjectId' | 'defaultRegion' | 'defaultZone', form: RegExp, allowed: string) => {
    const value = profile[field]
    if (value !== undefined) check(field, form.test(value), value === '' ? `value must be ${allowed}; found an empty text` : `value must be ${allowed}`)
  }
  // An access key alone is no credential, and is not checked.
  if (secretKey !== undefined) {
    check('accessKey', /^SCW[A-Z0-9]{17}$/.test(accessKey ?? ''), accessKey ? 'value must be SCW and 17 capital letters or digits' : 'value is required beside the secret key')
    check('secretKey', uuid.test(secretKey), secretKey === '' ? 'value is empty' : 'value must be a UUID')
  }
  checkText('defaultOrganizationId', uuid, 'a UUID')
  checkText('defaultProjectId', uuid, 'a UUID')
  checkText('defaultRegion', /^[a-z]{2}-[a-z]{3,7}$/, 'a region, such as fr-par')
  checkText('defaultZone', /^[a-z]{2}-[a-z]{3,7}-[0-9]{1,2}$/, 'a zone, such as fr-par-1')
  check('userAgent', userAgent === undefined || new RegExp(`^[ -~]{0,${userAgentMax}}$`).test(userAgent), `value must be at most ${userAgentMax} visible ASCII characters`)
  if (apiUrl !== undefined) check('apiUrl', isUrl(apiUrl), 'value must be a URL without a final slash')
  if (s3Endpoint !== undefined && s3Endpoint !== '') check('s3Endpoint', isUrl(s3Endpoint), 'value must be a URL without a final slash')
  return problems
}

function isUrl(text: string): boolean {
  try {
    new URL(text)
    // Go, unlike URL, takes neither spaces before a URL, nor control characters, nor percent signs that begin no escape.
    return !/^ |[\0-\x1f\x7f]|%(?![\da-f]{2})|\/$/i.test(text)
  } catch {
    return false
  }
}

/** Puts profiles on top of each other: the last one that has a field decides. */
export function merged(...profiles: readonly Profile[]): Profile {
  return Object.assign({}, ...profiles.map(present)) as Profile
}

function present(profile: Profile): Profile {
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined))
}

export function problem(argumentName: string, helpMessage: string, reason = 'format'): InvalidArgument {
  return { argumentName, reason, helpMessage }
}

/** The error of these problems. */
export function configurationError(problems: readonly InvalidArgument[], cause?: unknown): ConfigurationError {
  const text = problems.map(({ argumentName, helpMessage }) => `${argumentName}: ${helpMessage}`).join('; ')
  return Object.assign(new ConfigurationError(text, cause === undefined ? {} : { cause }), { details: problems })
}
