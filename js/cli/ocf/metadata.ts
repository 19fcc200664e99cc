// What the agent says about itself to Pacemaker: OCF 1.1, which the DTD of resource-agents checks.
import { version } from '../../server/version.js'

interface Parameter {
  name: string
  required?: true
  type: 'string' | 'boolean'
  default?: string
  short: string
  long: string
}

const parameters: Parameter[] = [
  { name: 'ips', required: true, type: 'string', short: 'The flexible IPs', long: 'The flexible IPs, with spaces between them: addresses, ids, or tag:NAME. The others of a MAC group come along.' },
  { name: 'server', type: 'string', short: 'The server of this node', long: 'Name or id of the Elastic Metal server that the agent runs on. The default is the host name of the node. An id saves a request to the Elastic Metal API.' },
  { name: 'interface', type: 'string', short: 'The network interface', long: 'Network interface that gets the addresses while the resource runs. Without it the agent configures no address: then each node has all addresses all the time, or virtual machines have them.' },
  { name: 'zone', type: 'string', short: 'The zone', long: 'Zone of the flexible IPs. Without it all zones are read.' },
  { name: 'profile', type: 'string', short: 'The profile', long: 'Profile of the config file.' },
  { name: 'config', type: 'string', short: 'The config file', long: 'Path of the config file with the key, which only root may read. Pacemaker passes on no environment of yours.' },
  { name: 'api_url', type: 'string', short: 'The address of the API', long: 'Address of the API, such as that of a proxy.' },
  { name: 'monitor_api', type: 'boolean', default: 'true', short: 'Whether monitor asks the API', long: 'Whether monitor asks the API on which server the flexible IPs are. If the API gives no answer, monitor returns what it last knew.' },
]

const actions = [
  '<action name="start" timeout="180s"/>',
  '<action name="stop" timeout="30s"/>',
  '<action name="monitor" timeout="30s" interval="30s" depth="0"/>',
  '<action name="validate-all" timeout="30s"/>',
  '<action name="meta-data" timeout="10s"/>',
]

/** The document. */
export function metadata(): string {
  const element = ({ name, required, type, default: value, short, long }: Parameter) => `    <parameter name="${name}" unique="0" required="${required ? 1 : 0}">
      <longdesc lang="en">${long}</longdesc>
      <shortdesc lang="en">${short}</shortdesc>
      <content type="${type}"${value === undefined ? '' : ` default="${value}"`}/>
    </parameter>`
  return `<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="flexip" version="${version}">
  <version>1.1</version>
  <longdesc lang="en">
Keeps flexible IPs of Scaleway attached to the Elastic Metal server of the node on which the resource runs.
Start returns when they are attached. Stop makes no request, so that it works while the API does not.
  </longdesc>
  <shortdesc lang="en">Flexible IPs of Scaleway Elastic Metal servers</shortdesc>
  <parameters>
${parameters.map(element).join('\n')}
  </parameters>
  <actions>
${actions.map((line) => `    ${line}`).join('\n')}
  </actions>
</resource-agent>
`
}
