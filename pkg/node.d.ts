import { ClientOptions, FlexibleIpClient } from './index.js';

/** The settings that a config file or the environment has. This library uses the keys, the URL, the defaults and the user agent. */
interface Profile {
    /** The access key. No request has it, but Scaleway's tools want it beside the secret key. */
    accessKey?: string;
    /** The secret key. */
    secretKey?: string;
    /** The address of the API. */
    apiUrl?: string;
    /** The address of Object Storage. */
    s3Endpoint?: string;
    /** Whether Object Storage has its buckets in paths. */
    s3UsePathStyle?: boolean;
    /** Whether certificates are not verified. */
    insecure?: boolean;
    /** The default Organization. */
    defaultOrganizationId?: string;
    /** The default Project. */
    defaultProjectId?: string;
    /** The default region. */
    defaultRegion?: string;
    /** The default zone. */
    defaultZone?: string;
    /** Whether Scaleway's CLI may send statistics. */
    sendTelemetry?: boolean;
    /** The user agent. */
    userAgent?: string;
}

/** Environment variables. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Where a profile is read from. */
interface ProfileOptions {
    /** The name of a profile of the config file. If absent, that of `SCW_PROFILE`, or of the file's `active_profile`, or the file's root. */
    profile?: string | undefined;
    /** The path of the config file. If absent, `SCW_CONFIG_PATH`, or `scw/config.yaml` in `XDG_CONFIG_HOME` or in `~/.config`. */
    configPath?: string | undefined;
    /** The environment variables. `process.env` if absent. */
    env?: Environment | undefined;
    /** Receives a text for each deprecated name, and for a file that others can read. If absent, `process.emitWarning` does. */
    onWarning?: ((message: string) => void) | undefined;
}
/** The options of `clientFromEnvironment`: those of a client go before the environment. */
interface EnvironmentOptions extends ProfileOptions, ClientOptions {
}
/**
 * Reads the profile of the config file, with the environment variables over it, as Scaleway's CLI and Go SDK do. A file
 * that does not exist is no error. Throws a `ConfigurationError` that names every invalid setting.
 */
declare function profileFromEnvironment(options?: ProfileOptions): Profile;
/**
 * Makes a client with the keys, the API's URL and the defaults of the config file and the environment variables. Throws
 * a `ConfigurationError` that names every invalid setting, or the missing key.
 *
 * @example
 * import { clientFromEnvironment } from 'flexip/node'
 *
 * const client = clientFromEnvironment({ profile: 'staging' })
 */
declare function clientFromEnvironment({ profile: name, configPath, env, onWarning, ...options }?: EnvironmentOptions): FlexibleIpClient;

export { clientFromEnvironment, profileFromEnvironment };
export type { EnvironmentOptions, Profile, ProfileOptions };
