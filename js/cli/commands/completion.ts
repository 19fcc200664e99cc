// flexip completion: scripts for bash, zsh and fish. They know commands and options, and ask for names.
import { Argument, type Command } from 'commander'
import { withExamples } from '../common-options.js'
import { exitCodes } from '../exit-codes.js'
import type { Register } from '../register.js'

const shells = ['bash', 'zsh', 'fish'] as const

/** What a shell can offer: the words after `flexip`, and the options of each of them. */
interface Offer {
  /** `mac generate`; empty for the program itself. */
  path: string
  description: string
  words: string[]
  options: { flag: string; description: string; choices: string[] }[]
}

export const registerCompletion: Register = (program, io) => {
  const command = program.command('completion').description('Prints a script that completes commands and options in a shell.').addArgument(new Argument('<shell>', 'your shell').choices([...shells]))
  withExamples(command, ["echo 'eval \"$(flexip completion bash)\"' >> ~/.bashrc", 'bash'], ["echo 'eval \"$(flexip completion zsh)\"' >> ~/.zshrc", 'zsh, after compinit'], ['flexip completion fish > ~/.config/fish/completions/flexip.fish', 'fish'])
  command.action((shell: (typeof shells)[number]) => {
    const offers = offersOf(program, '')
    io.out(shell === 'bash' ? bash(offers) : shell === 'zsh' ? zsh(offers) : fish(offers))
    io.exitCode = exitCodes.done
  })
}

function offersOf(command: Command, path: string): Offer[] {
  const options = command.options.filter(({ hidden }) => !hidden).map(({ long, short, description, argChoices }) => ({ flag: long ?? short ?? '', description, choices: argChoices ?? [] }))
  const own: Offer = { path, description: command.description(), words: command.commands.map((sub) => sub.name()), options: [...options, { flag: '--help', description: 'display help', choices: [] }] }
  return [own, ...command.commands.flatMap((sub) => offersOf(sub, path === '' ? sub.name() : `${path} ${sub.name()}`))]
}

function bash(offers: readonly Offer[]): string {
  const cases = offers.map(({ path, words, options }) => `    '${path}') COMPREPLY=($(compgen -W '${[...words, ...options.map(({ flag }) => flag)].join(' ')}' -- "$word")) ;;`)
  const choices = choicesOf(offers).map(({ path, flag, choices: values }) => `    '${path} ${flag}') COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$word")); return ;;`)
  return `# flexip completion bash
_flexip() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path=''
  local i candidate
  for ((i = 1; i < COMP_CWORD; i++)); do
    candidate="\${path:+$path }\${COMP_WORDS[i]}"
    case "$candidate" in
      ${offers.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`).join('|')}) path=$candidate ;;
      *) break ;;
    esac
  done
  COMPREPLY=()
  case "$path $before" in
${choices.join('\n')}
  esac
  case "$path" in
${cases.join('\n')}
  esac
}
complete -o default -F _flexip flexip
`
}

function zsh(offers: readonly Offer[]): string {
  // The completion of bash, through the emulation that zsh has for it.
  return `# flexip completion zsh\nautoload -U +X bashcompinit && bashcompinit\n${bash(offers).split('\n').slice(1).join('\n')}`
}

function fish(offers: readonly Offer[]): string {
  const quote = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`
  const lines = offers.flatMap(({ path, words, options }) => {
    const names = path === '' ? [] : path.split(' ')
    const seen = names.map((name) => `__fish_seen_subcommand_from ${name}`)
    const none = words.length > 0 ? [`not __fish_seen_subcommand_from ${words.join(' ')}`] : []
    const when = quote([...seen, ...none].join('; and ') || 'true')
    const own = words.map((name) => `complete -c flexip -f -n ${when} -a ${name} -d ${quote(offers.find((offer) => offer.path === [...names, name].join(' '))?.description ?? '')}`)
    const flags = options.map(({ flag, description, choices }) => `complete -c flexip -n ${when} -l ${flag.replace(/^--/, '')} -d ${quote(description)}${choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : ''}`)
    return [...own, ...flags]
  })
  return `# flexip completion fish\n${lines.join('\n')}\n`
}

function choicesOf(offers: readonly Offer[]): { path: string; flag: string; choices: string[] }[] {
  return offers.flatMap(({ path, options }) => options.filter(({ choices }) => choices.length > 0).map(({ flag, choices }) => ({ path, flag, choices })))
}
