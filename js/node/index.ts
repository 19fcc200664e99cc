// flexip/node: a client from the environment, as Scaleway's CLI and Go SDK read it. For Node only.
export { type EnvironmentOptions, type ProfileOptions, clientFromEnvironment, profileFromEnvironment } from './client.js'
export type { Profile } from './profile.js'
