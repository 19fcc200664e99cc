// flexip/proxy: the service behind a handler that holds the key, for Node, workers, Deno and Bun.
export type { OperationName } from './client/operations.js'
export { type AnyFlexipError, type CalledName, ConfigurationError, type ErrorCode, type FailureContext, FlexipError, isFlexipError } from './errors/index.js'
export type { ProxyAuditEvent } from './proxy/audit.js'
export { type NodeRequest, type NodeResponse, toNodeHandler } from './proxy/node-handler.js'
export type { ProxyOperation } from './proxy/operations.js'
export type { ProxyCaller, ProxyFetch, ProxyLimits, ProxyOptions, ProxyRequestInit } from './proxy/options.js'
export type { ProxyGrant, ProxyPolicy } from './proxy/policy.js'
export { createProxy } from './proxy/proxy.js'
