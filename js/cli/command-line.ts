// Command lines that a hint names: they can be pasted into a shell, and use the same service, account and zone.
import { type CommonOptions, inProcess } from './common-options.js'
import { mayHavePassword } from './secrets.js'
import { hasHidden } from './table.js'

/** The options that a hint repeats. */
export type RepeatedOptions = Pick<CommonOptions, 'profile' | 'config' | 'apiUrl' | 'zone' | 'emulator'> & { while?: string }

/** The line of a command, such as `mac generate`, with these arguments and the options of the present one. */
export function commandLine({ profile, config, apiUrl, zone, emulator, while: condition }: RepeatedOptions, command: string, args: readonly string[] = []): string {
  // A claim that is continued without its condition could take an address back.
  const options = Object.entries({ config, profile, 'api-url': apiUrl, zone, emulator: emulator === inProcess ? undefined : emulator, while: command === 'claim' ? shown(condition) : undefined })
  const repeated = options.flatMap(([option, value]) => (value === undefined ? [] : [`--${option}=${value}`]))
  return ['flexip', ...command.split(' '), ...repeated, ...(emulator === inProcess ? ['--emulator'] : []), ...args].map(shellWord).join(' ')
}

/** What a hint has in place of a condition that may have a password in it. */
export const hiddenCondition = '[secret]'

function shown(condition: string | undefined): string | undefined {
  return condition !== undefined && mayHavePassword(condition) ? hiddenCondition : condition
}

/** A word as a POSIX shell reads it. What is not seen is quoted as bash, zsh and POSIX 2024 read it: a line break would not survive. */
function shellWord(text: string): string {
  if (hasHidden(text)) return `$'${[...text].map((letter) => (hasHidden(letter) ? bytesOf(letter) : letter.replace(/['\\]/, '\\$&'))).join('')}'`
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function bytesOf(letter: string): string {
  return [...Buffer.from(letter)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
