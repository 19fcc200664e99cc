// flexip ocf: the resource agent for Pacemaker.
import { withExamples } from '../common-options.js'
import { runAction, usage } from '../ocf/agent.js'
import type { Register } from '../register.js'

export const registerOcf: Register = (program, io) => {
  const command = program
    .command('ocf')
    .description('Does an action of the OCF resource agent for Pacemaker, with the exit codes of OCF 1.1. The guide on failover says how to install it.')
    .argument('[action]', 'start, stop, monitor, validate-all, meta-data or usage')
  withExamples(command, ['flexip ocf meta-data', 'what the agent says about itself'], ["OCF_RESKEY_ips='51.159.1.2' flexip ocf start", 'as Pacemaker calls it'])
  command.action(async (action: string | undefined) => {
    if (action === undefined) io.err(`${usage}\n`)
    // These codes are those of OCF, not those of the other commands.
    io.exitCode = action === undefined ? 2 : await runAction(action, io)
  })
}
