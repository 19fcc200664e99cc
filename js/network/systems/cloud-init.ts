// cloud-init: the network configuration of a virtual machine. On a host that would replace everything, so that a host gets user data that adds a netplan file.
import type { System } from '../types.js'
import { linuxInterface, newFile, verifyOnLinux } from './linux.js'
import { netplan, version2 } from './netplan.js'

export const cloudInit: System = {
  ...linuxInterface,
  interfaceOf: () => 'eth0',
  usesInterface: (role) => role === 'host',
  render: (plan) => {
    const verify = verifyOnLinux(plan)
    if (plan.role === 'vm') {
      return {
        files: [newFile('network-config', '644', version2(plan))],
        apply: ['cloud-localds --network-config network-config seed.img user-data'],
        verify,
        revert: ['rm seed.img network-config'],
        notes: ['cloud-init reads the network configuration before the first start: give it as network-config of the NoCloud data source. The commands that verify it run in the virtual machine.', 'For systems without netplan, cloud-init makes other routes of it: there, configure the system within by its own format.'],
      }
    }
    const [file] = netplan.render(plan).files
    const content = (file?.content ?? '').trimEnd().split('\n')
    const userData = [
      '#cloud-config',
      'write_files:',
      `  - path: ${file?.path}`,
      '    permissions: "0600"',
      '    content: |',
      ...content.map((line) => `      ${line}`),
      'runcmd:',
      '  - netplan apply',
    ]
    return {
      files: [newFile('user-data', '644', userData)],
      apply: [],
      verify,
      revert: [`rm ${file?.path}`, 'netplan apply'],
      notes: ['Give the file as user data when you install the server. It suits systems with netplan, such as Ubuntu.'],
    }
  },
}
