// The profile of the environment variables.
import { Keys } from './keys.js'
import type { Profile } from './profile.js'

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The variables of each setting, the present name first. The first one that exists counts, even if it is empty. */
const variables = {
  accessKey: ['SCW_ACCESS_KEY', 'SCALEWAY_ACCESS_KEY'],
  secretKey: ['SCW_SECRET_KEY', 'SCW_TOKEN', 'SCALEWAY_TOKEN', 'SCALEWAY_ACCESS_KEY'],
  apiUrl: ['SCW_API_URL'],
  s3Endpoint: ['SCW_S3_ENDPOINT'],
  s3UsePathStyle: ['SCW_S3_USE_PATH_STYLE'],
  insecure: ['SCW_INSECURE', 'SCW_TLSVERIFY'],
  defaultOrganizationId: ['SCW_DEFAULT_ORGANIZATION_ID', 'SCW_ORGANIZATION', 'SCALEWAY_ORGANIZATION'],
  defaultProjectId: ['SCW_DEFAULT_PROJECT_ID'],
  defaultRegion: ['SCW_DEFAULT_REGION', 'SCW_REGION', 'SCALEWAY_REGION'],
  defaultZone: ['SCW_DEFAULT_ZONE'],
  userAgent: ['SCW_USER_AGENT'],
} as const satisfies Partial<Record<keyof Profile, readonly [string, ...string[]]>>

/** The names that regions once had. */
const oldRegions: ReadonlyMap<string, string> = new Map([
  ['par1', 'fr-par'],
  ['ams1', 'nl-ams'],
])

/** The keys in the variables, also in those that do not count. */
export function environmentKeys(env: Environment): Keys {
  const keys = new Keys()
  for (const name of [...variables.accessKey, ...variables.secretKey]) keys.add(env[name])
  return keys
}

/** Reads the variables. No warning repeats a value that is not a known word, because it may be a key in the wrong place. `warn` receives deprecated names and values that cannot be used. */
export function environmentProfile(env: Environment, warn: (message: string) => void): Profile {
  const read = (field: keyof typeof variables) => {
    const [present, ...deprecated] = variables[field]
    if (env[present] !== undefined) return { name: present, value: env[present] }
    const name = deprecated.find((name) => env[name] !== undefined)
    if (name === undefined) return undefined
    warn(`${name} is deprecated, please use ${present} instead`)
    return { name, value: env[name] ?? '' }
  }
  const readSwitch = (field: 'insecure' | 's3UsePathStyle') => {
    const found = read(field)
    const value = found && parseSwitch(found.value)
    if (found && value === undefined) warn(`env variable ${found.name} cannot be parsed: value must be true or false`)
    return { found, value }
  }
  const profile: Profile = {}
  const set = (field: Exclude<keyof typeof variables, 'insecure' | 's3UsePathStyle' | 'defaultRegion'>) => {
    const found = read(field)
    if (found) profile[field] = found.value
  }
  // The order is that of the warnings.
  set('accessKey')
  set('secretKey')
  set('apiUrl')
  set('s3Endpoint')
  const { value: s3UsePathStyle } = readSwitch('s3UsePathStyle')
  if (s3UsePathStyle !== undefined) profile.s3UsePathStyle = s3UsePathStyle
  const insecure = readSwitch('insecure')
  // A value that is no switch counts as false, before SCW_TLSVERIFY is inverted.
  if (insecure.found) profile.insecure = (insecure.value ?? false) !== (insecure.found.name === 'SCW_TLSVERIFY')
  set('defaultOrganizationId')
  set('defaultProjectId')
  const region = read('defaultRegion')
  if (region) profile.defaultRegion = presentRegion(region.value, warn)
  set('defaultZone')
  set('userAgent')
  return profile
}

function presentRegion(region: string, warn: (message: string) => void): string {
  const present = oldRegions.get(region)
  if (present === undefined) return region
  warn(`${region} is a deprecated name for region, use ${present} instead`)
  return present
}

/** The switch that Go's `strconv.ParseBool` reads; `undefined` for any other text. */
function parseSwitch(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined
}
