// The tools of the MCP server, each with the command that does it. They have the names and the rules of the commands.
import { zones } from '../parsers.js'
import { wrongArgument } from '../stop.js'
import { type Field, type Fields, Values } from './fields.js'

/** A tool that reads, or that plans a change. */
export interface Tool extends Fields {
  name: string
  description: string
  kind: 'read' | 'plan'
  /** The arguments of the command, without those that all commands share. */
  command(values: Values): string[]
  /** The words that name flexible IPs. A plan depends on these. */
  words?(values: Values): string[]
}

const ips: Field = { type: 'array', description: 'Flexible IPs, each an address, an id, tag:<tag> or server:<name>', items: { type: 'string' }, minItems: 1 }
const zone: Field = { type: 'string', description: 'Only this zone. All zones if left out', enum: zones }
const text = (description: string): Field => ({ type: 'string', description })
const server = text('Server: its name, its id, or zone/name')
const direct: Field = { type: 'boolean', description: 'Attach without a detach before' }

/** A command with its options, and words that are never options. */
const line = (name: string[], options: string[], words: string[]): string[] => [...name, ...options, '--', ...words]

const read = (name: string, description: string, command: string, properties: Record<string, Field>, required: string[]): Tool => ({
  name,
  description,
  kind: 'read',
  properties,
  required,
  command: (values) => {
    const words = values.texts('ips')
    return [command, ...values.option('zone'), ...values.option('status'), ...(words.length > 0 ? ['--', ...words] : [])]
  },
})

const plan = (name: string, description: string, properties: Record<string, Field>, required: string[], command: (values: Values) => string[]): Tool => ({
  name: `plan_${name}`,
  description: `${description} Changes nothing: returns a plan with its steps, for apply_plan.`,
  kind: 'plan',
  properties,
  required,
  command,
  words: (values) => [...values.texts('ips'), ...(name === 'mac' && values.text('from') !== '' ? [values.text('from')] : [])],
})

/** The subcommands of `flexip mac`. */
const macActions = { generate: 'generate', duplicate: 'duplicate', move: 'move', delete: 'rm' } as const

export const tools: readonly Tool[] = [
  read('list_flexible_ips', 'Lists flexible IPs: all, or those of a zone, a status, or the ones that are named.', 'ls', { ips, zone, status: text('Only those with this status, such as ready, attached or error') }, []),
  read('get_flexible_ips', 'Shows flexible IPs with all their fields.', 'get', { ips }, ['ips']),
  read('where_flexible_ips', 'Says on which server flexible IPs are.', 'where', { ips }, ['ips']),
  read('list_destinations', 'Says to which servers flexible IPs can go together, and why not to the others.', 'destinations', { ips }, ['ips']),
  read('list_servers', 'Lists the Elastic Metal servers by name, id and zone.', 'servers', { zone }, []),
  plan('failover', 'Moves the flexible IPs of one server to another, all or those that are named.', { from: server, to: server, ips, direct }, ['from', 'to'], (values) =>
    line(['failover'], values.option('direct'), [values.text('from'), values.text('to'), ...values.texts('ips')]),
  ),
  plan('attach', 'Attaches flexible IPs that are on no server to a server.', { server, ips }, ['server', 'ips'], (values) => line(['attach'], [], [values.text('server'), ...values.texts('ips')])),
  plan('detach', 'Takes flexible IPs from their servers.', { ips, alone: { type: 'boolean', description: 'Detach a part of a MAC group, which then loses its virtual MAC address' } }, ['ips'], (values) => line(['detach'], values.option('alone'), values.texts('ips'))),
  plan(
    'create',
    'Creates flexible IPs.',
    { zone: { ...zone, description: 'Zone; that of the server if left out' }, server, description: text('Free text'), tags: { type: 'array', description: 'Tags', items: { type: 'string' }, minItems: 0 }, reverse: text('Reverse DNS name'), count: { type: 'integer', description: 'How many', minimum: 1, maximum: 64 }, ipv6: { type: 'boolean', description: 'An IPv6 /64 block' } },
    [],
    (values) => ['create', ...['zone', 'server', 'description', 'reverse', 'count', 'ipv6'].flatMap((name) => values.option(name)), ...values.option('tags', 'tag')],
  ),
  plan('delete', 'Deletes flexible IPs. Their addresses go back to the pool.', { ips }, ['ips'], (values) => line(['rm'], [], values.texts('ips'))),
  plan(
    'mac',
    'Generates, duplicates, moves or deletes the virtual MAC addresses of flexible IPs.',
    { action: { type: 'string', description: 'What to do', enum: Object.keys(macActions) }, ips, from: text('For duplicate and move: the flexible IP that has the virtual MAC address'), type: { type: 'string', description: 'For generate: the hypervisor', enum: ['kvm', 'xen', 'vmware'] } },
    ['action', 'ips'],
    (values) => {
      const [action, from] = [values.text('action') as keyof typeof macActions, values.text('from')]
      if (['duplicate', 'move'].includes(action) && from === '') throw wrongArgument('the field from is missing', `For ${action}, it names the flexible IP that has the virtual MAC address.`)
      return line(['mac', macActions[action]], values.option('type'), [...(from === '' ? [] : [from]), ...values.texts('ips')])
    },
  ),
]
