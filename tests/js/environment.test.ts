// A client from the environment, compared with Scaleway's own loaders: what scaleway-sdk-go makes of each case is in
// tests/environment/go.json, what the official JavaScript loader makes of it is found out here.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadProfileFromConfigurationFile, loadProfileFromEnvironmentValues } from '@scaleway/configuration-loader'
import { createClient } from '@scaleway/sdk-client'
import { ConfigurationError, FlexibleIpClient } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { type Profile, clientFromEnvironment, profileFromEnvironment } from 'flexip/node'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { names } from '../../js/node/profile.js'
import { type Case, cases } from '../environment/cases.mjs'

interface Result {
  name: string
  profile?: Record<string, string | boolean>
  error?: string
  warnings: string[]
}

const results = JSON.parse(readFileSync(new URL('../environment/go.json', import.meta.url), 'utf8')) as Result[]

const folder = mkdtempSync(join(tmpdir(), 'flexip-environment-'))
const before = process.cwd()
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => {
  process.chdir(before)
  vi.unstubAllEnvs()
})

let number = 0

/** Lays the files of a case. Returns its variables and its path, with the folder in them. */
function lay({ env, files, modes = {}, configPath }: Case) {
  const dir = join(folder, String(number++))
  mkdirSync(dir)
  process.chdir(dir)
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    chmodSync(path, modes[name] ?? 0o600)
  }
  const inside = (text: string) => text.replaceAll('$DIR', dir)
  return { env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, inside(value)])), configPath: configPath === undefined ? undefined : inside(configPath) }
}

/** The profile with the names of the config file. */
function asInFile(profile: Profile): Record<string, string | boolean> {
  return Object.fromEntries(Object.entries(profile).map(([field, value]) => [names[field as keyof Profile], value as string | boolean]))
}

/** What our loader makes of a case. */
function ours(one: Case): { profile?: Record<string, string | boolean>; refused?: (string | undefined)[]; warnings: string[] } {
  const { env, configPath } = lay(one)
  const warnings: string[] = []
  const onWarning = (message: string) => void warnings.push(/^the permissions/.test(message) ? 'permissions' : message)
  try {
    const profile = profileFromEnvironment({ env, configPath, profile: one.profile, onWarning })
    return { profile: asInFile(profile), warnings }
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    const { message, details } = error as ConfigurationError
    // No message repeats a key, as Go's do.
    for (const key of Object.values({ ...env, ...one.files }).flatMap((text) => text.match(/[12]{8}-[\w-]*/g) ?? [])) expect(message).not.toContain(key)
    return { refused: details.map(({ argumentName }) => argumentName), warnings }
  }
}

/** The setting that an error of the Go SDK is about. */
function refusedBy(error: string): string {
  const settings: [RegExp, string][] = [
    [/access key/, 'access_key'],
    [/secret key/, 'secret_key'],
    [/organization ID/, 'default_organization_id'],
    [/project ID/, 'default_project_id'],
    [/region/, 'default_region'],
    [/default zone/, 'default_zone'],
    [/user agent/, 'user_agent'],
    [/API url/, 'api_url'],
    [/S3 endpoint/, 's3_endpoint'],
    [/given profile|profileName/, 'profile'],
    // It falls over a profile without values.
    [/^panic$/, 'profile'],
    [/config file/, 'configPath'],
  ]
  return settings.find(([pattern]) => pattern.test(error))?.[1] ?? error
}

test('the guide says how many cases there are, and of how many the official JavaScript loader makes something else', () => {
  const guide = readFileSync(new URL('../../docs/guides/node.md', import.meta.url), 'utf8')
  const different = JSON.parse(readFileSync(new URL('../environment/official-javascript.json', import.meta.url), 'utf8')) as object[]
  expect(guide).toContain(`${cases.length} environments`)
  expect(guide).toContain(`the ${different.length} of which`)
})

test('go.json has the result of every case, and the cases show more than 150 rules', () => {
  expect(results.map(({ name }) => name)).toEqual(cases.map(({ name }) => name))
  expect(cases.length).toBeGreaterThan(150)
})

describe('as scaleway-sdk-go', () => {
  test.each(cases.map((one, index) => [one.name, one, results[index]] as const))('%s', (_, one, go) => {
    const { profile, refused, warnings } = ours(one)
    expect(profile).toEqual(go?.profile)
    // Go names the first problem.
    expect(refused?.[0]).toBe(go?.error === undefined ? undefined : refusedBy(go.error))
    // Without a home, Go reads the present folder as its file. Of a folder it says how its mode should be, and of a file that no other user may read or write too.
    expect(warnings).toEqual(['neither $HOME nor a path', 'a folder in the place of the file', 'the mode 0400 is a warning', 'the mode 0700 is a warning'].includes(one.name) ? [] : go?.warnings.map((warning) => warning.replace(/(parsed:) .* is invalid boolean$/, '$1 value must be true or false')))
  })
})

test.skipIf(process.platform === 'win32').each([
  ['0600', undefined],
  ['0400', undefined],
  ['0700', undefined],
  ['0640', 'so that others may read the secret key'],
  ['0604', 'so that others may read the secret key'],
  ['0620', 'so that others may change the file'],
  ['0666', 'so that others may read the secret key and change the file'],
])('the warning of a config file of mode %s says what others may do with it, and there is none if they may do nothing', (mode, said) => {
  const path = join(mkdtempSync(join(folder, 'mode-')), 'config.yaml')
  writeFileSync(path, 'default_zone: fr-par-1\n')
  chmodSync(path, parseInt(mode, 8))
  const warnings: string[] = []
  profileFromEnvironment({ env: {}, configPath: path, onWarning: (message) => void warnings.push(message) })
  expect(warnings).toEqual(said === undefined ? [] : [`the permissions of the config file ${path} are ${mode}, ${said}: chmod 0600 ${path}`])
})

describe('the official JavaScript loader', () => {
  /** The fields that it knows, by their names in the config file. */
  const known = { accessKey: 'access_key', secretKey: 'secret_key', apiURL: 'api_url', defaultOrganizationId: 'default_organization_id', defaultProjectId: 'default_project_id', defaultRegion: 'default_region', defaultZone: 'default_zone' } as const

  type Made = Record<string, string> | 'an error' | 'a change of Object.prototype'

  /** What it makes of a case, the way that its documents name: the file's profile, and the variables over it. */
  function loaded(one: Case): Made {
    const { env, configPath } = lay(one)
    for (const name of Object.keys(process.env)) if (/^(SCW_|SCALEWAY_|XDG_|HOME$)/.test(name)) vi.stubEnv(name, undefined)
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const read = (load: () => object) => {
      try {
        return load()
      } catch {
        return undefined
      }
    }
    const name = one.profile ?? env.SCW_PROFILE
    const fromFile = read(() => loadProfileFromConfigurationFile({ ...(configPath !== undefined && { filepath: configPath }), ...(name !== undefined && { profileName: name }) }))
    const hasFile = Object.keys(one.files).length > 0
    const fromEnvironment = read(loadProfileFromEnvironmentValues)
    const polluted = Object.keys(Object.prototype)
    for (const name of polluted) delete (Object.prototype as unknown as Record<string, unknown>)[name]
    if (polluted.length > 0) return 'a change of Object.prototype'
    if (!fromEnvironment || (hasFile && !fromFile)) return 'an error'
    const entries = [fromFile ?? {}, fromEnvironment].flatMap((profile) => Object.entries(profile) as [keyof typeof known, string | undefined][])
    return Object.fromEntries(entries.flatMap(([field, value]) => (value === undefined ? [] : [[known[field], value]])))
  }

  /** The same, checked by the official client. */
  function official(one: Case): Made {
    const made = loaded(one)
    if (typeof made === 'string') return made
    const settings = Object.entries(known).map(([field, name]) => [field, made[name]])
    try {
      createClient(Object.fromEntries(settings.filter(([, value]) => value !== undefined)) as Parameters<typeof createClient>[0])
      return made
    } catch {
      return 'an error'
    }
  }

  /** The part of a result of the Go SDK that it could have. */
  function expected({ profile, error }: Result): Record<string, unknown> | 'an error' {
    if (error !== undefined) return 'an error'
    return Object.fromEntries(Object.entries(profile ?? {}).filter(([name]) => Object.values<string>(known).includes(name)))
  }

  /** The cases in which they make something else of it, with both results. */
  function differences(): object[] {
    return cases.flatMap((one, index) => {
      const [javascript, go] = [official(one), expected(results[index] as Result)].map((made) => (typeof made === 'string' ? made : Object.fromEntries(Object.entries(made).sort())))
      return JSON.stringify(javascript) === JSON.stringify(go) ? [] : [{ name: one.name, go, javascript }]
    })
  }

  test('keeps quotes in values', () => {
    expect(loaded(find('values in quotes'))).toMatchObject({ access_key: expect.stringMatching(/^"SCW/) as string })
  })

  test('ignores active_profile', () => {
    expect(official(find('active_profile'))).toMatchObject({ access_key: 'SCWAAAAAAAAAAAAAAAAA' })
    expect(results.find(({ name }) => name === 'active_profile')?.profile).toMatchObject({ access_key: 'SCWBBBBBBBBBBBBBBBBB' })
  })

  test('lets a profile named __proto__ change every object of the program', () => {
    expect(loaded(find('a profile named like a property of objects'))).toBe('a change of Object.prototype')
  })

  test('does not merge a named profile over the root profile', () => {
    const name = 'a named profile without keys has those of the root profile'
    expect(official(find(name))).toEqual({ default_zone: 'nl-ams-1' })
    expect(results.find((result) => result.name === name)?.profile).toMatchObject({ access_key: 'SCWAAAAAAAAAAAAAAAAA', default_zone: 'nl-ams-1' })
  })

  // `npx vitest run tests/js/environment.test.ts -u` writes the file again.
  test('differs from the Go SDK in the cases of official-javascript.json', async () => {
    await expect(`${JSON.stringify(differences(), null, 2)}\n`).toMatchFileSnapshot('../environment/official-javascript.json')
  })

  function find(name: string): Case {
    return cases.find((one) => one.name === name) as Case
  }
})

describe('a client from the environment', () => {
  const emulator = new FlexibleIpEmulator({ seed: 1 })
  const project = emulator.projectId
  const env = { SCW_ACCESS_KEY: 'SCWAAAAAAAAAAAAAAAAA', SCW_SECRET_KEY: emulator.secretKey, SCW_DEFAULT_ZONE: 'fr-par-1', SCW_DEFAULT_PROJECT_ID: project, HOME: '/nonexistent' }

  test('calls the API with the keys, the defaults and the user agent', async () => {
    const sent: [string, Record<string, string>][] = []
    const client = clientFromEnvironment({
      env: { ...env, SCW_API_URL: 'https://api.example/scaleway', SCW_USER_AGENT: 'mine/1.0' },
      fetch: (url, init) => {
        sent.push([url, { ...init.headers }])
        return emulator.fetch(url.replace('/scaleway', ''), init as RequestInit)
      },
    })
    expect(client).toBeInstanceOf(FlexibleIpClient)
    expect((await client.createFlexibleIP()).projectId).toBe(project)
    expect(sent).toEqual([['https://api.example/scaleway/flexible-ip/v1alpha1/zones/fr-par-1/fips', expect.objectContaining({ 'X-Auth-Token': emulator.secretKey, 'User-Agent': expect.stringMatching(/ mine\/1\.0$/) as string })]])
  })

  test('lets options go before the environment, which is not checked then', async () => {
    const client = clientFromEnvironment({ env: { SCW_SECRET_KEY: 'wrong', SCW_DEFAULT_ZONE: 'wrong', HOME: '/nonexistent' }, secretKey: emulator.secretKey, defaultZone: 'fr-par-1', fetch: emulator.fetch })
    expect((await client.listFlexibleIPs()).totalCount).toBeGreaterThan(0)
  })

  test('is refused without a key, unless its address can be that of a proxy', () => {
    const none = { env: { HOME: '/nonexistent' } }
    const details = (make: () => unknown) => {
      try {
        make()
        return undefined
      } catch (error) {
        return (error as ConfigurationError).details.map(({ argumentName, reason }) => [argumentName, reason])
      }
    }
    expect(details(() => clientFromEnvironment(none))).toEqual([['secret_key', 'required']])
    expect(details(() => clientFromEnvironment({ env: { ...none.env, SCW_ACCESS_KEY: env.SCW_ACCESS_KEY } }))).toEqual([['secret_key', 'required']])
    expect(details(() => clientFromEnvironment({ ...none, baseUrl: 'https://console.example/api' }))).toBeUndefined()
    expect(details(() => clientFromEnvironment({ env: { ...none.env, SCW_API_URL: 'https://console.example/api' } }))).toBeUndefined()
  })

  test('names every invalid setting, and no key', () => {
    const make = () => clientFromEnvironment({ env: { ...env, SCW_ACCESS_KEY: 'scw-access', SCW_SECRET_KEY: 'scw-secret', SCW_DEFAULT_ZONE: 'Paris', SCW_DEFAULT_PROJECT_ID: '' } })
    expect(make).toThrow('access_key: value must be SCW and 17 capital letters or digits; secret_key: value must be a UUID; default_project_id: value must be a UUID; found an empty text; default_zone: value must be a zone, such as fr-par-1')
  })

  test('says where the name of a profile is from that does not exist, and which profiles there are', () => {
    const content = 'active_profile: old\nprofiles:\n  dev: {default_zone: fr-par-1}\n  empty:\n'
    const messageOf = (env: Record<string, string>, profile?: string) => {
      const where = lay({ name: '', env, files: { 'a.yaml': content }, configPath: '$DIR/a.yaml' })
      return thrownBy(() => profileFromEnvironment({ ...where, profile }))?.message
    }
    expect(messageOf({}, 'prod')).toBe('profile: the option profile names a profile that does not exist; there are default, dev, empty')
    expect(messageOf({ SCW_PROFILE: 'prod' })).toBe('profile: SCW_PROFILE names a profile that does not exist; there are default, dev, empty')
    expect(messageOf({})).toBe('profile: active_profile names a profile that does not exist; there are default, dev, empty')
    expect(messageOf({ SCW_PROFILE: 'empty' })).toBe('profile: SCW_PROFILE names a profile without a value')
  })

  test('reads a file in UTF-16 with a byte order mark, and refuses one that is no text', () => {
    const content = 'access_key: SCWAAAAAAAAAAAAAAAAA\r\nsecret_key: 11111111-1111-4111-8111-111111111111\r\n'
    const little = Buffer.from(`\ufeff${content}`, 'utf16le')
    const read = (bytes: Buffer) => {
      const { env, configPath } = lay({ name: '', env: {}, files: { 'a.yaml': '' }, configPath: '$DIR/a.yaml' })
      writeFileSync(String(configPath), bytes)
      return profileFromEnvironment({ env, configPath })
    }
    const profile = { accessKey: 'SCWAAAAAAAAAAAAAAAAA', secretKey: '11111111-1111-4111-8111-111111111111' }
    expect(read(little)).toEqual(profile)
    expect(read(Buffer.from(little).swap16())).toEqual(profile)
    expect(read(Buffer.from(`\ufeff${content}`))).toEqual(profile)
    expect(() => read(Buffer.from(`${content}# caf\u00e9\n`, 'latin1'))).toThrow(/is invalid: it is no text in UTF-8, nor in UTF-16 with a byte order mark$/)
    expect(() => read(Buffer.concat([little, Buffer.from([0x00, 0xd8])]))).toThrow(/it is no text/)
    expect(() => read(Buffer.from(content, 'utf16le'))).toThrow(/line 1: there is a control character$/)
  })

  // The rows of the guide's table, with what the Go SDK makes of each in their names.
  test.each([
    ['a value with the tag `!!binary`', 'user_agent: !!binary "%%%"\n', {}, true],
    ['a tab alone on a line, or before a comment', '\t# x\n', {}, true],
    ['a profile with the name `~`', 'profiles: {~: {default_zone: fr-par-1}}\nactive_profile: "~"\n', {}, true],
    ['`SCW_API_URL` without a scheme', '', { SCW_API_URL: '/p' }, false],
  ] as const)('differs from the Go SDK where the guide says so: %s', (words, content, more, isRead) => {
    const { configPath } = lay({ name: '', env: {}, files: { 'a.yaml': content }, configPath: '$DIR/a.yaml' })
    expect(thrownBy(() => profileFromEnvironment({ env: { ...env, ...more }, configPath })) === undefined).toBe(isRead)
    expect(readFileSync(new URL('../../docs/guides/node.md', import.meta.url), 'utf8')).toContain(`| ${words} |`)
  })

  test('names the line of a file that is wrong', () => {
    const { env, configPath } = lay({ name: '', env: {}, files: { 'a.yaml': 'access_key: SCWAAAAAAAAAAAAAAAAA\nprofiles:\n  dev: text\n' }, configPath: '$DIR/a.yaml' })
    expect(thrownBy(() => profileFromEnvironment({ env, configPath }))?.message).toMatch(/is invalid: line 3: a profile must be a map$/)
  })

  test('shows no line of a file that cannot be parsed', () => {
    const { env, configPath } = lay({ name: '', env: {}, files: { 'a.yaml': 'secret_key: "11111111-1111-4111-8111-111111111111\n' }, configPath: '$DIR/a.yaml' })
    const error = thrownBy(() => clientFromEnvironment({ env, configPath }))
    expect((error as Error).message).toMatch(/^configPath: the content of the config file .*a\.yaml is invalid: line \d+: this is not YAML$/)
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('11111111-1111')
  })

  test('warns that certificates are verified all the same, and where a profile is asked for without a file', () => {
    const warnings: string[] = []
    clientFromEnvironment({ env: { ...env, SCW_INSECURE: 'true' }, profile: 'dev', onWarning: (message) => void warnings.push(message) })
    expect(warnings).toEqual(['there is no config file, so that the profile of the option profile is not read', 'insecure is set, but certificates are verified all the same: give the option fetch to change that'])
    warnings.length = 0
    clientFromEnvironment({ env: { ...env, SCW_INSECURE: 'true' }, fetch: emulator.fetch, onWarning: (message) => void warnings.push(message) })
    expect(warnings).toEqual([])
  })

  test('warns through Node without a listener, and reads process.env without an environment', () => {
    const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    for (const [name, value] of Object.entries({ ...env, SCW_SECRET_KEY: undefined, SCW_TOKEN: emulator.secretKey, SCW_CONFIG_PATH: '/nonexistent/config.yaml' })) vi.stubEnv(name, value)
    clientFromEnvironment()
    expect(emitted.mock.calls).toEqual([['SCW_TOKEN is deprecated, please use SCW_SECRET_KEY instead', 'FlexipWarning']])
    emitted.mockRestore()
  })
})

function thrownBy(make: () => unknown): ConfigurationError | undefined {
  try {
    make()
    return undefined
  } catch (error) {
    return error as ConfigurationError
  }
}

describe('a config file is refused by name', () => {
  const refusal = (configPath: string): string => {
    try {
      profileFromEnvironment({ env: { HOME: '/nonexistent' }, configPath, onWarning: () => undefined })
      return 'read'
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError)
      return (error as Error).message
    }
  }

  const depths = { '[': 150_000, '{a: ': 100_000, '- ': 100_000, '? ': 100_000, '[? ': 50_000, '- ? ': 50_000 }
  test.each(Object.entries(depths))('that repeats %j and is nested too deeply, where the process would have ended', (part, count) => {
    const path = join(folder, 'deep.yaml')
    const gap = /^[[{]/.test(part) ? ' ' : '\n'
    for (const deep of [part.repeat(5000), part.repeat(count)]) {
      writeFileSync(path, `default_zone: fr-par-1\nother:${gap}${deep}`, { mode: 0o600 })
      expect(refusal(path)).toMatch(/invalid: line [23]: it is nested too deeply/)
    }
  })

  test('with lists of 50 levels that no setting is in is read', () => {
    const path = join(folder, 'lists.yaml')
    writeFileSync(path, `other: ${'['.repeat(50)}${']'.repeat(50)}\ndefault_zone: fr-par-1\n`, { mode: 0o600 })
    expect(profileFromEnvironment({ env: { HOME: '/nonexistent' }, configPath: path }).defaultZone).toBe('fr-par-1')
  })

  test.skipIf(process.platform === 'win32')('that has no end, or over a mebibyte', () => {
    expect(refusal('/dev/zero')).toMatch(/\/dev\/zero is invalid: it has more than 1048576 bytes/)
    const path = join(folder, 'long.yaml')
    writeFileSync(path, `${'#'.repeat(2 ** 20 - 1)}\n`, { mode: 0o600 })
    expect(refusal(path)).toBe('read')
    writeFileSync(path, `${'#'.repeat(2 ** 20)}\n`, { mode: 0o600 })
    expect(refusal(path)).toMatch(/invalid: it has more than 1048576 bytes/)
  })
})

describe('no error and no warning repeats a key', () => {
  const secret = '5ec4e7aa-1b2c-4d3e-8f40-9a8b7c6d5e4f'
  const other = '0dd5ec4e-1b2c-4d3e-8f40-9a8b7c6d5e4f'
  const access = 'SCWQ7W8E9R0T1Y2U3I4O'
  const keys = { SCW_ACCESS_KEY: access, SCW_SECRET_KEY: secret }
  const inFile = `access_key: ${access}\nsecret_key: ${secret}\n`
  const spellings = [
    ...[secret, access].flatMap((key) => [key, key.toUpperCase(), key.toLowerCase(), `${key}\n`, ` ${key}`, `"${key}"`, `dev-${key}`, key.replaceAll('-', ''), Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex'), encodeURIComponent(key).replace('-', '%2D'), `x:${key}`, `https://${key}@x/`, `ftp://${key}/`]),
    `https://x.example/${secret}`,
  ]
  const traces = [secret, other, access].flatMap((key) => [key.slice(0, 8), Buffer.from(key).toString('base64').slice(0, 10), Buffer.from(key).toString('hex').slice(0, 16), key.slice(-8)])

  /** Everything that is said about a place. Expects that no key is in it. */
  function heard(env: Record<string, string>, content?: string, more: { name?: string; profile?: string } = {}): number {
    const name = more.name ?? 'a.yaml'
    const configPath = join(folder, 'keys', content === undefined ? 'none' : name)
    if (content !== undefined) {
      mkdirSync(dirname(configPath), { recursive: true })
      writeFileSync(configPath, content, { mode: 0o644 })
    }
    const said: string[] = []
    for (const make of [clientFromEnvironment, profileFromEnvironment]) {
      const error = thrownBy(() => make({ env, configPath, profile: more.profile, onWarning: (message) => void said.push(message) }))
      if (error === undefined) continue
      expect(error).toBeInstanceOf(ConfigurationError)
      said.push(JSON.stringify(error), String(error.stack), JSON.stringify(error.details), String(error.cause))
    }
    const text = said.join('\n').toLowerCase()
    for (const trace of traces) expect(text).not.toContain(trace.toLowerCase())
    return said.length
  }

  const names = ['SCW_ACCESS_KEY', 'SCW_SECRET_KEY', 'SCW_TOKEN', 'SCALEWAY_TOKEN', 'SCW_API_URL', 'SCW_S3_ENDPOINT', 'SCW_S3_USE_PATH_STYLE', 'SCW_INSECURE', 'SCW_TLSVERIFY', 'SCW_DEFAULT_ORGANIZATION_ID', 'SCW_ORGANIZATION', 'SCW_DEFAULT_PROJECT_ID', 'SCW_DEFAULT_REGION', 'SCW_REGION', 'SCW_DEFAULT_ZONE', 'SCW_USER_AGENT', 'SCW_PROFILE']

  test.each(names)('that stands in %s', (name) => {
    // A profile is read only where there is a file.
    const content = name === 'SCW_PROFILE' ? 'profiles: {dev: {}}\n' : undefined
    for (const value of spellings) heard({ ...keys, [name]: value }, content)
    expect(heard({ ...keys, [name]: `${secret}\u00e9` }, content)).toBeGreaterThan(name === 'SCW_TOKEN' || name === 'SCALEWAY_TOKEN' ? -1 : 0)
  })

  const fields = ['access_key', 'secret_key', 'api_url', 's3_endpoint', 's3_use_path_style', 'insecure', 'default_organization_id', 'default_project_id', 'default_region', 'default_zone', 'send_telemetry', 'user_agent', 'active_profile', 'profiles']

  test.each(fields)('that stands in the field %s of the file', (field) => {
    for (const value of spellings) {
      const line = `${field}: ${JSON.stringify(value)}\n`
      heard({}, `${line}${inFile}profiles:\n  dev:\n    ${line}`, { profile: 'dev' })
    }
    for (const value of [`*${secret}`, `*${access}`, `[${secret}]`, `{${secret}: 1}`, `"${secret}`, `!${secret} x`, `&${secret} [1]`]) expect(heard({}, `${inFile}${field}: ${value}\n`)).toBeGreaterThan(0)
  })

  test('that is a part of the structure of the file', () => {
    for (const key of [secret, access, `dev-${secret}`, other]) {
      const all = [`profiles: {${key}: 1}`, `profiles: {${key}: }\nactive_profile: ${key}`, `profiles: {${key}: {}}\nactive_profile: x`, `profiles: {x: {<<: *${key}}}`, `<<: ${key}`, `? [${key}]\n: x`, `*${key} : x`, `profiles: {${key}: {<<: 1}}`, `profiles: {${key}: {default_zone: [1]}}`]
      for (const content of all) {
        expect(heard({}, `${content}\n`)).toBeGreaterThan(0)
        expect(heard(keys, `${content}\n${inFile}`)).toBeGreaterThan(0)
      }
    }
  })

  test('that is a name of a profile, or of another profile', () => {
    for (const name of spellings) {
      expect(heard(keys, 'profiles: {dev: {}}\n', { profile: name })).toBeGreaterThan(0)
      heard(keys, undefined, { profile: name })
      expect(heard(keys, `profiles: {${JSON.stringify(name)}: {}}\n`, { profile: 'none' })).toBeGreaterThan(0)
    }
    expect(heard({}, `profiles: {a: {secret_key: ${other}}, "${Buffer.from(other).toString('base64')}": {}}\n`, { profile: 'none' })).toBeGreaterThan(0)
  })

  test('that is in the path of the file', () => {
    for (const name of [secret, access, secret.toUpperCase(), `dev-${secret}.yaml`]) {
      expect(heard(keys, 'a: [\n', { name })).toBeGreaterThan(0)
      expect(heard({}, inFile, { name })).toBeGreaterThan(0)
      expect(heard(keys, inFile, { name: `${name}.d/x` })).toBeGreaterThan(0)
    }
    const { env } = lay({ name: '', env: { ...keys, SCW_CONFIG_PATH: `./${secret}` }, files: { [`${secret}/x`]: '' } })
    expect(thrownBy(() => profileFromEnvironment({ env, onWarning: () => undefined }))?.message).toBe('configPath: the config file [secret] cannot be read: EISDIR')
  })
})
