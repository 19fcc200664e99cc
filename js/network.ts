// flexip/network: what an operating system needs so that it uses its flexible IPs. Without WebAssembly.
export { FlexipError, type InvalidArgument, InvalidArgumentsError, isFlexipError } from './errors/index.js'
export { networkConfig } from './network/config.js'
export { networkSystems } from './network/systems/index.js'
export type { NetworkConfig, NetworkConfigOptions, NetworkFile, NetworkIp, NetworkRole, NetworkSystem } from './network/types.js'
