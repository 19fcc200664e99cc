// The config file: where it is, and the profiles in it. The YAML is read as Go's yaml.v2 reads it into Scaleway's types.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { Composer, type Document, Lexer, type Pair, Parser, isAlias, isMap, isNode, isScalar, isSeq, visit } from 'yaml'
import { type Environment, environmentKeys } from './environment.js'
import type { Keys } from './keys.js'
import { type Profile, configurationError, names, problem, switches } from './profile.js'

/** The profiles of a config file. */
export interface ConfigFile {
  root: Profile
  active: string | undefined
  /** The profiles by their names. `undefined` is a profile without a value. */
  profiles: ReadonlyMap<string, Profile | undefined>
}

/** Reads the config file of a path, or else the one that the environment leads to; `undefined` if there is none. `keys` receives its keys. */
export function readConfigFile(path: string | undefined, env: Environment, warn: (message: string) => void, keys: Keys = environmentKeys(env)): ConfigFile | undefined {
  if (path) return readPath(path, warn, keys)
  if (env.SCW_CONFIG_PATH) return readPath(normalize(env.SCW_CONFIG_PATH), warn, keys)
  const standard = standardPath(env)
  return readPath(standard, warn, keys) ?? (standard.endsWith('.yaml') ? readPath(standard.replace(/\.yaml$/, '.yml'), warn, keys) : undefined)
}

function standardPath(env: Environment): string {
  if (env.XDG_CONFIG_HOME) return join(env.XDG_CONFIG_HOME, 'scw', 'config.yaml')
  const home = process.platform === 'win32' ? env.USERPROFILE : env.HOME
  if (!home) throw configurationError([problem('configPath', 'there is no home folder, so that there is no path of a config file', 'required')])
  return join(home, '.config', 'scw', 'config.yaml')
}

function readPath(path: string, warn: (message: string) => void, keys: Keys): ConfigFile | undefined {
  const stats = existing(path, keys, () => statSync(path))
  if (stats === undefined) return undefined
  try {
    const bytes = existing(path, keys, () => readBytes(path))
    return bytes && parsedFile(path, bytes, keys)
  } finally {
    // A folder cannot be read, and needs its own permissions. Windows has no such modes. The keys of the file are known by now: its path could repeat them.
    const rights = process.platform === 'win32' || stats.isDirectory() ? undefined : rightsOfOthers(stats.mode)
    if (rights !== undefined) {
      const shown = keys.hide(normalize(path))
      warn(`the permissions of the config file ${shown} are ${(stats.mode & 0o777).toString(8).padStart(4, '0')}, so that others may ${rights}: chmod 0600 ${shown}`)
    }
  }
}

/** What a mode lets other users do with the config file. Who may write it can change where the secret key is sent. */
function rightsOfOthers(mode: number): string | undefined {
  const rights = [...(mode & 0o044 ? ['read the secret key'] : []), ...(mode & 0o022 ? ['change the file'] : [])]
  return rights.length === 0 ? undefined : rights.join(' and ')
}

/** The largest config file, in bytes. A device may have no end. */
const bytesMax = 2 ** 20

/** Reads the bytes of a file, up to one more than it may have. */
function readBytes(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(bytesMax + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) read = readSync(file, bytes, length, bytes.length - length, null)
    return bytes.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

/** What a function reads of a file; `undefined` if the file does not exist. */
function existing<Read>(path: string, keys: Keys, read: () => Read): Read | undefined {
  try {
    return read()
  } catch (cause) {
    const { code } = cause as { code?: unknown }
    if (code === 'ENOENT') return undefined
    // The cause would repeat the path.
    throw configurationError([problem('configPath', `the config file ${keys.hide(path)} cannot be read: ${String(code)}`)])
  }
}

function parsedFile(path: string, bytes: Buffer, keys: Keys): ConfigFile {
  let text = ''
  try {
    if (bytes.length > bytesMax) throw new Unreadable(`it has more than ${bytesMax} bytes`)
    text = textFrom(bytes)
    return parseConfig(text, keys)
  } catch (thrown) {
    // A message of the parser could show a line with the secret key.
    const reason = thrown instanceof Unreadable ? `${lineOf(text, thrown.offset)}${thrown.message}` : 'it cannot be read as YAML'
    throw configurationError([problem('configPath', `the content of the config file ${keys.hide(path)} is invalid: ${reason}`)])
  }
}

/** Why a file is no config file, and where in its text. The message repeats nothing of the text but the names of settings. */
class Unreadable extends Error {
  readonly offset: number | undefined

  constructor(message: string, place?: unknown) {
    super(message)
    this.offset = typeof place === 'number' ? place : isNode(place) ? place.range?.[0] : undefined
  }
}

/** The characters that a YAML file may not have. */
const unprintable = /[^\t\n -~\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** The text of a file in UTF-8, or in UTF-16 with a byte order mark. As for Go, CR, NEL and the separators of Unicode end a line too. */
function textFrom(bytes: Buffer): string {
  const [first, second] = bytes
  const isLittle = first === 0xff && second === 0xfe
  const isBig = first === 0xfe && second === 0xff
  let text: string
  try {
    // Node without all of ICU cannot decode UTF-16 with the upper half first.
    const even = isBig ? Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16() : bytes
    text = new TextDecoder(isLittle || isBig ? 'utf-16le' : 'utf-8', { fatal: true }).decode(even)
  } catch {
    throw new Unreadable('it is no text in UTF-8, nor in UTF-16 with a byte order mark')
  }
  const lines = text.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
  const place = lines.search(unprintable)
  if (place !== -1) throw new Unreadable(`${lineOf(lines, place)}there is a control character`)
  return lines
}

function lineOf(text: string, offset: number | undefined): string {
  return offset === undefined ? '' : `line ${text.slice(0, offset).split('\n').length}: `
}

/** The deepest nesting of a file, in tokens that contain others. What reads the tokens calls itself for each, and deeper ones would end the stack, and the process with it. */
const depthMax = 200

/** The tokens of a text, with what they contain. */
function* tokensOf(text: string) {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme)
    if (parser.stack.length > depthMax) throw new Unreadable('it is nested too deeply', parser.offset)
  }
  yield* parser.end()
}

/** Parses the text of a config file. */
function parseConfig(text: string, keys: Keys): ConfigFile {
  // Every plain text stays a text: the field decides what it is. Only the first document counts.
  const documents = [...new Composer({ version: '1.1', schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' }).compose(tokensOf(text))]
  const [document] = documents
  const config = { root: {} as Profile, active: undefined as string | undefined, profiles: new Map<string, Profile | undefined>() }
  for (const one of documents) addKeys(one, keys)
  const error = document?.errors[0] ?? document?.warnings.find(({ code }) => code === 'BAD_DIRECTIVE')
  if (error) throw new Unreadable('this is not YAML', error.pos[0])
  if (!document || isNull(document.contents)) return config
  for (const [name, value] of entriesOf(document, document.contents, 'the file')) {
    if (name === 'active_profile') config.active = textOf(document, value, name)
    else if (name === 'profiles') readProfiles(document, value, config.profiles)
    else setField(document, config.root, name, value)
  }
  return config
}

/** Adds every key in a document, also of profiles that are not read. */
function addKeys(document: Document.Parsed, keys: Keys): void {
  visit(document, {
    Pair(_, { key, value }) {
      const name = isScalar(key) ? key.value : undefined
      if (name !== names.accessKey && name !== names.secretKey) return
      const node = isAlias(value) ? value.resolve(document) : value
      if (isScalar(node)) keys.add(String(node.value))
    },
  })
}

function readProfiles(document: Document.Parsed, value: unknown, profiles: Map<string, Profile | undefined>): void {
  if (isNull(resolved(document, value))) return profiles.clear()
  for (const [name, fields] of entriesOf(document, value, 'profiles')) {
    if (isNull(resolved(document, fields))) {
      profiles.set(name, undefined)
      continue
    }
    const profile: Profile = {}
    for (const [field, value] of entriesOf(document, fields, 'a profile')) setField(document, profile, field, value)
    profiles.set(name, profile)
  }
}

/** Sets a field. Of a field that is there twice, the last one counts, and null unsets it. */
function setField(document: Document.Parsed, profile: Profile, name: string, value: unknown): void {
  const field = (Object.keys(names) as (keyof Profile)[]).find((field) => names[field] === name)
  // Other tools have fields that this version does not know.
  if (!field) return
  const read = switches.includes(field) ? switchOf(document, value, name) : textOf(document, value, name)
  if (read === undefined) delete profile[field]
  else Object.assign(profile, { [field]: read })
}

function textOf(document: Document.Parsed, value: unknown, name: string): string | undefined {
  const node = resolved(document, value)
  if (isNull(node)) return undefined
  if (!isScalar(node)) throw new Unreadable(`${name} must be a text`, node)
  // yaml.v2 takes these two spellings of null for an empty text.
  return isPlain(node) && ['Null', 'NULL'].includes(String(node.value)) ? '' : String(node.value)
}

const yes = ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']
const no = ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']

function switchOf(document: Document.Parsed, value: unknown, name: string): boolean | undefined {
  const node = resolved(document, value)
  if (isNull(node)) return undefined
  const text = isScalar(node) && (isPlain(node) || node.tag === 'tag:yaml.org,2002:bool') ? String(node.value) : ''
  if (yes.includes(text)) return true
  if (no.includes(text)) return false
  throw new Unreadable(`${name} must be true or false`, node)
}

/** The fields of a map in their order, with those that it merges. As in yaml.v2, a merge replaces what stands before it. */
function* entriesOf(document: Document.Parsed, value: unknown, place: string, depth = 0): Generator<[string, unknown]> {
  const map = resolved(document, value)
  if (!isMap(map)) throw new Unreadable(`${place} must be a map`, map)
  if (depth > 10) throw new Unreadable(`${place} merges too deeply`, map)
  for (const { key, value } of map.items as Pair[]) {
    const name = resolved(document, key)
    if (!isScalar(name)) throw new Unreadable(`${place} has a name that is not a text`, name)
    if (!isPlain(name) || name.value !== '<<') {
      yield [String(name.value), value]
      continue
    }
    const merged = resolved(document, value)
    // Of several maps, the first one that has a field decides.
    for (const one of isSeq(merged) ? [...merged.items].reverse() : [merged]) yield* entriesOf(document, one, place.startsWith('what ') ? place : `what ${place} merges`, depth + 1)
  }
}

function resolved(document: Document.Parsed, value: unknown): unknown {
  if (!isAlias(value)) return value
  const target = value.resolve(document)
  if (target === undefined) throw new Unreadable('the alias is not defined', value)
  return target
}

/** Whether a text stands without quotes and without a tag. */
function isPlain({ type, tag }: { type?: unknown; tag?: unknown }): boolean {
  return type === 'PLAIN' && tag === undefined
}

function isNull(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (!isScalar(value)) return false
  const isTagged = value.tag === 'tag:yaml.org,2002:null'
  return isTagged || (isPlain(value) && ['', '~', 'null'].includes(String(value.value ?? '')))
}
