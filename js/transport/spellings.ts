// Where a text has a secret, in whatever spelling: as it is, escaped for JSON, URLs or HTML, in UTF-16, in base64,
// as bytes, broken into lines. The text is read in several ways, and each reading is searched for the secret.
// No pattern is made of a secret: compiled, such a pattern takes a megabyte.

/** A part of a text: from its first character to behind its last one. */
export type Range = readonly [start: number, end: number]

/** A step of a reading: what the matches of a pattern stand for. */
interface Rule {
  pattern: RegExp
  decode: (match: string) => string
}

/** A way to write a text, beside escapes. */
interface Notation {
  /** From this length on, a secret is searched for. A shorter one would be there by chance. */
  secretMin: number
  /** What the reading leaves of a text. */
  rule?: Rule
  /** How the reading has a secret: as one of these texts. */
  write: (secret: string) => readonly string[]
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Escapes of one character. NULs are the other halves of the units of UTF-16, and go. */
const escapes: Rule = {
  pattern: /%[\da-f]{2}|%u[\da-f]{4}|\\u[\da-f]{4}|\\u\{[\da-f]{1,9}\}|\\x[\da-f]{2}|\\[0nrt"'\\/]|&#\d{1,9};|&#x[\da-f]{1,9};|&(?:amp|lt|gt|quot|apos);|\0/gi,
  decode: (match) => {
    const [first, second = ''] = match
    const digits = match.replace(/^&#|[^\da-f]/gi, '')
    if (first === '&' && second !== '#') return entities[match.slice(1, -1).toLowerCase()] ?? ''
    if (first === '\\' && /["'\\/]/.test(second)) return second
    if (/^\\[nrt]/.test(match)) return ' '
    const code = parseInt(digits, first === '&' && !/x/i.test(match) ? 10 : 16)
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : ''
  },
}

/** The escapes of these characters alone. Behind a sign that begins no escape, as in `100%`, a secret would be read as part of one. */
function escapesOf(characters: string): Rule {
  const decode = (match: string) => {
    const decoded = escapes.decode(match)
    return decoded === '' || characters.includes(decoded) ? decoded : match
  }
  return { ...escapes, decode }
}

/** The escapes of forms, where a plus is a space. */
const spaces: Rule = { pattern: /\+/g, decode: () => ' ' }

/** How often escapes are read again: JSON in JSON in a URL. */
const escapesMax = 4

const drop = () => ''

const uuidDigits = 32
const isUuid = (text: string) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)

/** The lower halves of the units of UTF-16, with their upper halves between them. */
const inUtf16 = (text: string) => [...text].join('\0')

const notations: readonly Notation[] = [
  { secretMin: 1, write: (secret) => [secret, utf8(secret)] },
  // Broken into lines, also as mail does it, with an equals sign.
  { secretMin: 8, rule: { pattern: /[=\s]+/g, decode: drop }, write: (secret) => [secret.replace(/[=\s]/g, '')] },
  // Base64, also that for URLs.
  {
    secretMin: 3,
    rule: { pattern: /[-_\\]|\s+/g, decode: (match) => ({ '-': '+', _: '/' })[match] ?? '' },
    write: (secret) => [secret, utf8(secret), inUtf16(secret)].flatMap(base64Of),
  },
  // The digits of bytes, as in a dump.
  {
    secretMin: 4,
    rule: { pattern: /[\s:,-]+|0x|[A-F]+/g, decode: (match) => (/[A-F]/.test(match) ? match.toLowerCase() : '') },
    write: (secret) => [secret, utf8(secret), inUtf16(secret)].map((text) => [...text].map((one) => one.charCodeAt(0).toString(16).padStart(2, '0')).join('')),
  },
  // The numbers of bytes.
  { secretMin: 4, rule: { pattern: /\s*,\s*|\s+/g, decode: () => ',' }, write: (secret) => [secret, utf8(secret)].map((text) => [...text].map((one) => one.charCodeAt(0)).join()) },
  // A UUID in upper case, or without its hyphens, is the same UUID.
  { secretMin: uuidDigits, rule: { pattern: /-|[A-F]+/g, decode: (match) => (match === '-' ? '' : match.toLowerCase()) }, write: (secret) => (isUuid(secret) ? [secret.replaceAll('-', '').toLowerCase()] : []) },
]

/** Makes a function that finds secrets in texts. */
export function finderOf(secrets: readonly string[]): (text: string) => Range[] {
  const written = notations.map(({ secretMin, rule, write }) => {
    // A secret that has escapes itself is decoded with the text around it.
    const read = secrets.filter(({ length }) => length >= secretMin).flatMap((secret) => [...readings(secret)])
    const forms = read.filter(({ text }) => text.length >= secretMin).flatMap(({ text }) => write(text))
    return { rule, texts: [...new Set(forms)].filter((form) => form.length >= secretMin) }
  })
  const [plain] = written
  // An escape can be escaped itself.
  const own = escapesOf(['%\\&', ...secrets, ...secrets.map(utf8)].join(''))
  const first = secrets.some((secret) => secret.includes(' ')) ? [spaces] : []
  return (original) => {
    const ranges: Range[] = []
    const search = ({ text, rules }: Reading, { rule, texts }: { rule: Rule | undefined; texts: readonly string[] }) => {
      const possible = texts.filter((form) => form.length <= text.length)
      if (possible.length === 0) return
      const read = rule ? text.replace(rule.pattern, rule.decode) : text
      const present = possible.filter((form) => read.includes(form))
      if (present.length > 0) ranges.push(...locate(original, rule ? [...rules, rule] : rules, present))
    }
    for (const reading of readings(original, escapes, first)) for (const notation of written) search(reading, notation)
    if (plain) for (const reading of readings(original, own, first)) search(reading, plain)
    return ranges
  }
}

/** A text as it is read, and the rules by which it is. */
interface Reading {
  text: string
  rules: readonly Rule[]
}

/** The readings of a text: as it is, then with its escapes decoded, again and again. */
function* readings(original: string, ofEscapes: Rule = escapes, first: readonly Rule[] = []): Generator<Reading> {
  let text = original
  const rules: Rule[] = []
  yield { text, rules: [] }
  for (const rule of [...first, ...Array.from({ length: escapesMax }, () => ofEscapes)]) {
    const decoded = text.replace(rule.pattern, rule.decode)
    if (decoded === text && rule === ofEscapes) return
    text = decoded
    rules.push(rule)
    yield { text, rules: [...rules] }
  }
}

/** Where the original has the parts that are read as one of these texts. */
function locate(original: string, rules: readonly Rule[], texts: readonly string[]): Range[] {
  let text = original
  let starts = indexes(original.length, 0)
  let ends = indexes(original.length, 1)
  for (const { pattern, decode } of rules) {
    const parts: string[] = []
    const nextStarts: number[] = []
    const nextEnds: number[] = []
    const copy = (from: number, to: number) => {
      parts.push(text.slice(from, to))
      for (let at = from; at < to; at++) {
        nextStarts.push(starts[at] ?? 0)
        nextEnds.push(ends[at] ?? 0)
      }
    }
    let done = 0
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length
      copy(done, match.index)
      const decoded = decode(match[0])
      parts.push(decoded)
      for (let count = 0; count < decoded.length; count++) {
        nextStarts.push(starts[match.index] ?? 0)
        nextEnds.push(ends[end - 1] ?? 0)
      }
      done = end
    }
    copy(done, text.length)
    text = parts.join('')
    starts = nextStarts
    ends = nextEnds
  }
  return texts.flatMap((form) => {
    const ranges: Range[] = []
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) ranges.push([starts[at] ?? 0, ends[at + form.length - 1] ?? 0])
    return ranges
  })
}

function indexes(length: number, first: number): number[] {
  return Array.from({ length }, (_, at) => at + first)
}

/** The bytes of a text in UTF-8, one a character. */
function utf8(text: string): string {
  // A half of a surrogate pair alone has no bytes.
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
  return encodeURIComponent(whole).replace(/%(..)/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * Three bytes are four digits, so the digits of a text depend on where it begins in what is encoded. The first
 * and the last digit can belong to its neighbours as well, and stay.
 */
function base64Of(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const bits = [...'\0'.repeat(offset), ...text].map((character) => (character.charCodeAt(0) & 255).toString(2).padStart(8, '0')).join('')
    const digits = (bits.match(/.{6}/g) ?? []).map((six) => alphabet[parseInt(six, 2)]).join('')
    return digits.slice(Math.ceil((offset * 4) / 3))
  })
}
