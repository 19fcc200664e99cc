// What no output of a command may repeat: keys, and passwords in arguments and variables.
import { redactionOf, withoutSecrets } from '../transport/redaction.js'
import { isId } from './parsers.js'

type Env = Readonly<Record<string, string | undefined>>

/** The length from which a secret is taken out of results: a shorter one is in them by chance. */
const resultMin = 8

/** The secrets of a command. */
export class Secrets {
  readonly #known = new Set<string>()
  readonly #redaction = redactionOf(() => [...this.#known])

  constructor({ SCW_SECRET_KEY, SCW_TOKEN, SCALEWAY_TOKEN, FLEXIP_SECRET_KEY, SCW_API_URL, SCW_PROFILE, OCF_RESKEY_api_url: ocfUrl, OCF_RESKEY_profile: ocfProfile }: Env) {
    this.add(SCW_SECRET_KEY, SCW_TOKEN, SCALEWAY_TOKEN, FLEXIP_SECRET_KEY, ...[SCW_API_URL, ocfUrl].flatMap(ofUrl), ...[SCW_PROFILE, ocfProfile].map(ofProfile))
  }

  add(...secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) if (secret) this.#known.add(secret)
  }

  /** Adds those that stand in arguments, where they do not belong. */
  addArguments(args: readonly string[]): void {
    for (const [index, arg] of args.entries()) {
      const [, name = '', own] = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg) ?? []
      const value = own ?? args[index + 1]
      if (['api-url', 'emulator', 'upstream'].includes(name)) this.add(...ofUrl(value))
      if (name === 'profile') this.add(ofProfile(value))
      // The idempotency key is none.
      if (name !== 'key') this.add(...ofWords(arg, args[index + 1]))
      // The commands of users stand in these only, and a message about a wrong word repeats it.
      if (['claim', 'watch'].includes(args[0] ?? '') && /\s/.test(arg) && mayHavePassword(arg)) this.add(arg)
    }
  }

  /** A result without these secrets. All else stays as it is: it is the user's own text. */
  clean(text: string): string {
    return withoutSecrets(text, [...this.#known].filter((secret) => secret.length >= resultMin))
  }

  /** A message without these secrets, and without what is a secret by its place, such as the password of a URL. */
  cleanMessage(text: string): string {
    return this.#redaction.cleanOwn(text)
  }
}

/** A word with what separates it from its value. It begins where a run of letters does: the time must not grow faster than the text. */
const named = /(?<![\w-])([\w-]+)(=|\s+(?!-))/g
const ofSecret = /secret|token|passw|key/i
const ofPassword = /secret|token|pass|pwd|key|auth|cookie|credential|bearer/i
const ofUser = /^--(?:[\w-]*-)?user$/
/** A value that no separator is before: `--passwordhunter2`, `-phunter2`. No option of this command goes on behind such a word. */
const attached = /^(?:--?[\w-]*?(?:secret|token|passphrase|password|passwd|pass(?!phrase|word|wd)|pwd|key)|-[pu])(\w.*)$/is
const value = /'([^']+)'|"([^"]+)"|(\S+)/y

/** Whether what follows a name is a secret. Of options, more names count: no field of a result is one. */
function isOfSecret(name: string): boolean {
  return name.startsWith('-') ? ofPassword.test(name) || ofUser.test(name) : ofSecret.test(name)
}

/** What follows a word such as `--password`, with an equals sign, a space or nothing between: in an argument, or in a command line that is one. */
function ofWords(arg: string, next: string | undefined): string[] {
  const [, own] = attached.exec(arg) ?? []
  const found: string[] = own === undefined ? [] : [own]
  // A name without a password is not secret.
  const add = (name: string, text: string) => void (ofUser.test(name) && !text.includes(':') ? undefined : found.push(text))
  if (/^--?[\w-]+$/.test(arg)) {
    if (isOfSecret(arg) && next !== undefined && !next.startsWith('-')) add(arg, next)
    return found
  }
  const isLine = /\s/.test(arg)
  let done = 0
  for (const { 0: text, 1: name = '', 2: separator = '', index } of arg.matchAll(named)) {
    const isOption = name.startsWith('-') && (index === 0 || /\s/.test(arg.charAt(index - 1)))
    if (index < done || !isOfSecret(name) || !(separator === '=' || isOption)) continue
    value.lastIndex = index + text.length
    if (!isLine) {
      add(name, arg.slice(value.lastIndex))
      break
    }
    const [whole = '', single, double, plain = ''] = value.exec(arg) ?? []
    done = index + text.length + whole.length
    // What ends a command of a shell is not of the word.
    add(name, single ?? double ?? plain.replace(/[;&|)]+$/, ''))
  }
  return found
}

/** A run of letters, and what is next to it. */
const nameAndNext = /[\w-]+(?=(\s*)(.?))/gs
/** An option that has a user and a password as its value, also at the end of several letters: `-sSu root:hunter2`. */
const pairOfUser = /(?<!\S)_?-[A-Za-z]{0,20}[uU](?:\s{1,20}_?)?[^\s:/]{0,200}:[^\s/]/
/** Another option whose value may be a name and a password: not a URL, a path, a port, a time or an address. */
const pairOfOption = /(?<!\S)_?-[\w-]{1,64}(?:=|\s{1,20}_?)?[^\s:/=]{1,200}:(?![\s/]|[\da-f:.]{0,64}(?:[%/]\w{1,64})?(?:[\s;&|)]|$))/i

/**
 * Whether a command of the shell may have a password in it: a value at or behind a name such as `--password`, at an
 * option such as `-u`, `-p` or `--proxy-user`, before the @ of a URL, or a name and a password with a colon between as
 * the value of any option. How a shell reads its quotes is not followed: what has such a name is not shown at all. A
 * name that nothing follows, or that ends a path, has no value.
 */
export function mayHavePassword(line: string): boolean {
  // A quote that begins a word stays, as a letter: what follows is a value, even if it begins like an option.
  const plain = line.replace(/\\\r?\n/g, '').replace(/(?<=\s)['"\\]+/g, '_').replace(/['"\\]/g, '')
  if (/:\/\/[^\s/]{0,4096}@/.test(plain) || pairOfUser.test(plain) || pairOfOption.test(plain)) return true
  for (const { 0: name, 1: gap = '', 2: next = '', index } of plain.matchAll(nameAndNext)) {
    if (/^_?-[upU]/.test(name) || ofUser.test(name.replace(/^_/, ''))) return true
    if (!ofPassword.test(name) || next === '') continue
    if (gap === '' ? !/[/.;&|<>)\]}`#]/.test(next) : !/[-;&|<>)\]}#]/.test(next) && plain.charAt(index - 1) !== '/') return true
  }
  return false
}

/** The name and the password in a URL, also in one that is malformed. */
function ofUrl(url: string | undefined): string[] {
  const end = url?.lastIndexOf('@') ?? -1
  if (url === undefined || end === -1) return []
  const credentials = url.slice(0, end).replace(/^[a-z][a-z\d+.-]*:\/\//i, '')
  return [credentials, credentials.slice(credentials.indexOf(':') + 1)]
}

/** No profile has the form of a key: one that has it is a key in the wrong place. */
function ofProfile(name: string | undefined): string | undefined {
  return name !== undefined && isId(name.trim()) ? name.trim() : undefined
}
