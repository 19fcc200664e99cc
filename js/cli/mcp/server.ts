// The MCP server: tools that read, tools that plan, and one that applies a plan.
import type { Server as SdkServer } from '@modelcontextprotocol/sdk/server/index.js'
import { failureOf } from '../failure.js'
import { quoted, wrongArgument } from '../stop.js'
import { version } from '../../server/version.js'
import type { Commands } from './commands.js'
import { Values } from './fields.js'
import { CommandFailed, Plans } from './plans.js'
import type { Sdk } from './sdk.js'
import { tools } from './tools.js'

const applyPlan = {
  name: 'apply_plan',
  description: 'Makes the change of a plan. Refused if the flexible IPs of the plan have changed since.',
  properties: { id: { type: 'string', description: 'The id of a plan that a plan_ tool returned' } },
  required: ['id'],
} as const

/** A server, and how it ends. */
export interface Served {
  server: SdkServer
  /** Ends the calls that are under way, as a cancelled call ends, and returns the failures of those that apply a plan. */
  end(): Promise<FailedCall[]>
}

/** Why a call failed. */
interface FailedCall {
  exitCode: number
  messages: unknown[]
  /** What the command printed before it failed. */
  results?: unknown[]
}

/** Makes the server. Without `mayWrite` it has no tool that changes anything. */
export function createServer({ Server, ListToolsRequestSchema, CallToolRequestSchema }: Sdk, commands: Commands, mayWrite: boolean): Served {
  const shutdown = new AbortController()
  const underWay = new Set<Promise<unknown>>()
  const unfinished: FailedCall[] = []
  const plans = new Plans(commands)
  const server = new Server({ name: 'flexip', version }, { capabilities: { tools: {} }, instructions: mayWrite ? 'A change takes two calls: a plan_ tool, then apply_plan with the id of the plan.' : 'Nothing can be changed. Plans show what a change would do.' })

  const call = async (name: string, values: Record<string, unknown> | undefined, signal: AbortSignal): Promise<object> => {
    if (name === applyPlan.name) {
      if (!mayWrite) throw wrongArgument('this server only reads', 'Start it with flexip mcp --write to let it change anything.')
      const { objects, messages } = await plans.apply(new Values(applyPlan, values).text('id'), signal)
      return { results: objects, messages }
    }
    const tool = tools.find((known) => known.name === name)
    if (!tool) throw wrongArgument(`there is no tool ${quoted(name)}`, `There are ${all.map((known) => known.name).join(', ')}.`)
    const checked = new Values(tool, values)
    if (tool.kind === 'plan') return { plan: await plans.make({ args: tool.command(checked), words: tool.words?.(checked) ?? [] }, signal) }
    const ended = await commands.run(tool.command(checked), signal)
    if (ended.exitCode !== 0) throw new CommandFailed(ended)
    return { results: ended.objects, messages: ended.messages }
  }

  const all = [...tools, ...(mayWrite ? [applyPlan] : [])]
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: all.map((tool) => ({
      name: tool.name,
      description: tool.description,
      inputSchema: { type: 'object' as const, properties: { ...tool.properties }, required: [...tool.required], additionalProperties: false },
      annotations: tool === applyPlan ? { readOnlyHint: false, destructiveHint: true, openWorldHint: true } : { readOnlyHint: true, openWorldHint: true },
    })),
  }))
  const answer = async (name: string, values: Record<string, unknown> | undefined, signal: AbortSignal) => {
    try {
      const result = await call(name, values, signal)
      return { content: [{ type: 'text' as const, text: JSON.stringify(result) }], structuredContent: { ...result } }
    } catch (error) {
      const failure = failedCall(error)
      if (!failure) throw error
      if (shutdown.signal.aborted && name === applyPlan.name) unfinished.push(failure)
      return { isError: true, content: [{ type: 'text' as const, text: JSON.stringify(failure) }], structuredContent: { ...failure } }
    }
  }
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) => {
    const answered = answer(params.name, params.arguments, AbortSignal.any([signal, shutdown.signal]))
    underWay.add(answered)
    return answered.finally(() => underWay.delete(answered))
  })
  const end = async () => {
    shutdown.abort()
    await Promise.allSettled(underWay)
    return unfinished
  }
  return { server, end }
}

/** What a call says that failed: the exit code and the objects of the command, or what was wrong with the call itself. */
function failedCall(error: unknown): FailedCall | undefined {
  if (error instanceof CommandFailed) {
    const { exitCode, messages, objects } = error.ended
    return { exitCode, messages, results: objects }
  }
  const failure = failureOf(error, { isLate: false, isLateForMoves: false, hasSent: false, hasChanged: false, options: {} })
  return failure && { exitCode: failure.exitCode, messages: [{ error: failure }] }
}
