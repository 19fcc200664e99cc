// The spellings in which a text can come back: as it is, escaped for JSON, URLs or HTML, in UTF-16, as base64,
// as bytes.

/** From this length on, the digits of a secret are looked for: those of a shorter one would be found by chance. */
const base64Min = 3
const bytesMin = 4

/** What can stand between two characters: the other halves of the units of UTF-16, also escaped. */
const between = '(?:\\0|\\\\u0000|\\\\x00|\\\\0|%00|&#0;)*'

/** Where long lines of base64 are broken. */
const lineBreak = '(?:\\s|\\\\[rn])*'

/** A group of spellings. */
interface Spellings {
  /** Whether a text can have one of them. A compiled pattern takes a megabyte, so it is made only then. */
  isLikely: (text: string) => boolean
  /** The source of a regular expression that finds them. */
  source: () => string
}

/** The spellings of a secret besides the plain one. */
export function spellings(secret: string): Spellings[] {
  const found: Spellings[] = [{ isLikely: (text) => /[%\\&\0+]/.test(text), source: () => [...secret].map(spellingOf).join(between) }]
  if (secret.length >= base64Min) {
    const all = [secret, [...secret].join('\0')].flatMap(base64Of)
    const plain = all.map(plainDigits)
    found.push({
      isLikely: (text) => {
        const digits = plainDigits(text)
        return plain.some((core) => digits.includes(core))
      },
      source: () => all.map((digits) => [...digits].map(digitOf).join(lineBreak)).join('|'),
    })
  }
  if (secret.length >= bytesMin) {
    const codes = [...secret].map((character) => character.charCodeAt(0))
    const hex = codes.map((code) => code.toString(16).padStart(2, '0')).join('')
    found.push({
      isLikely: (text) => text.toLowerCase().replace(/[\s:,-]|0x/g, '').includes(hex),
      source: () => codes.map((code) => hexOf(code)).join('[\\s:,-]?(?:0x)?'),
    })
    found.push({ isLikely: (text) => text.replace(/\s/g, '').includes(codes.join()), source: () => codes.join('\\s*,\\s*') })
  }
  return found
}

/** The digits of base64 in a text, without line breaks, escapes and the differences between its alphabets. */
function plainDigits(text: string): string {
  return text.replace(/%2b|-/gi, '+').replace(/%2f|_/gi, '/').replace(/\s|\\[rn]?/g, '')
}

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }

/** A character as it is, or in any of its escapes. */
function spellingOf(character: string): string {
  const code = character.charCodeAt(0)
  const hex = hexOf(code)
  const forms = [escaped(character), `%(?:25)*${hex}`, `\\\\+u00${hex}`, `\\\\+u\\{0*${hex}\\}`, `\\\\+x${hex}`, `&#0*${code};`, `&#[xX]0*${hex};`]
  if (/["\\/']/.test(character)) forms.push(`\\\\+${escaped(character)}`)
  if (character in entities) forms.push(`&${entities[character]};`)
  if (character === ' ') forms.push('\\+')
  return `(?:${forms.join('|')})`
}

/** A digit of base64, also of that for URLs. */
function digitOf(digit: string): string {
  if (digit === '+') return '(?:[+\\-]|%2[bB])'
  if (digit === '/') return '(?:\\\\?[/_]|%2[fF])'
  return digit
}

/** The two digits of a byte, in both cases. */
function hexOf(code: number): string {
  const hex = code.toString(16).padStart(2, '0')
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
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
