// Environments and config files, a case for each rule of Scaleway's own loader. In the values of a case, $DIR is a
// folder that exists for this case only. `go.json` has what scaleway-sdk-go makes of each: see run-go.mjs.

const key = 'SCWAAAAAAAAAAAAAAAAA'
const otherKey = 'SCWBBBBBBBBBBBBBBBBB'
const secret = '11111111-1111-4111-8111-111111111111'
const otherSecret = '22222222-2222-4222-8222-222222222222'
const project = '33333333-3333-4333-8333-333333333333'
const otherProject = '44444444-4444-4444-8444-444444444444'
const organization = '55555555-5555-4555-8555-555555555555'

/** A file whose root profile is complete. */
const root = `access_key: ${key}\nsecret_key: ${secret}\n`
/** The same with a further profile. */
const withDev = `${root}default_zone: fr-par-1\ndefault_project_id: ${project}\nprofiles:\n  dev:\n    access_key: ${otherKey}\n    secret_key: ${otherSecret}\n    default_zone: nl-ams-1\n`
/** Environment variables of a complete profile. */
const keys = { SCW_ACCESS_KEY: key, SCW_SECRET_KEY: secret }

const place = '.config/scw/config.yaml'
const home = (content, env = {}, more = {}) => ({ env: { HOME: '$DIR', ...env }, files: content === undefined ? {} : { [place]: content }, ...more })
const environment = (env) => home(undefined, env)

/** Each case under the rule that it shows. */
const named = {
  // Where the file is.
  'no file and no variable: an empty profile': home(),
  'the file in $HOME/.config/scw': home(root),
  'the file in $XDG_CONFIG_HOME/scw goes first': { env: { HOME: '$DIR', XDG_CONFIG_HOME: '$DIR/xdg' }, files: { [place]: root, 'xdg/scw/config.yaml': `access_key: ${otherKey}\nsecret_key: ${otherSecret}\n` } },
  'an empty $XDG_CONFIG_HOME is none': home(root, { XDG_CONFIG_HOME: '' }),
  '$XDG_CONFIG_HOME without a file hides that of $HOME': home(root, { XDG_CONFIG_HOME: '$DIR/xdg' }),
  '$SCW_CONFIG_PATH goes before both': { env: { HOME: '$DIR', XDG_CONFIG_HOME: '$DIR/xdg', SCW_CONFIG_PATH: '$DIR/mine.yaml' }, files: { [place]: root, 'xdg/scw/config.yaml': root, 'mine.yaml': `access_key: ${otherKey}\nsecret_key: ${secret}\n` } },
  'an empty $SCW_CONFIG_PATH is none': home(root, { SCW_CONFIG_PATH: '' }),
  '$SCW_CONFIG_PATH without a file is no error': home(root, { SCW_CONFIG_PATH: '$DIR/none.yaml' }),
  'a relative $SCW_CONFIG_PATH': { env: { SCW_CONFIG_PATH: './sub/../mine.yaml' }, files: { 'mine.yaml': root } },
  'config.yml where there is no config.yaml': { env: { HOME: '$DIR' }, files: { '.config/scw/config.yml': root } },
  'config.yaml before config.yml': { env: { HOME: '$DIR' }, files: { [place]: root, '.config/scw/config.yml': 'access_key: x\n' } },
  'a config.yml that cannot be parsed': { env: { HOME: '$DIR' }, files: { '.config/scw/config.yml': 'a: [\n' } },
  'no config.yml beside $SCW_CONFIG_PATH': { env: { HOME: '$DIR', SCW_CONFIG_PATH: '$DIR/mine.yaml' }, files: { 'mine.yml': root } },
  'no config.yml beside the path that is asked for': { env: { HOME: '$DIR' }, files: { 'mine.yml': root }, configPath: '$DIR/mine.yaml' },
  'the path that is asked for goes before $SCW_CONFIG_PATH': { env: { SCW_CONFIG_PATH: '$DIR/none.yaml', HOME: '$DIR' }, files: { 'mine.yaml': root }, configPath: '$DIR/mine.yaml' },
  'a path that is asked for, without a file': { env: { HOME: '$DIR' }, files: { [place]: root }, configPath: '$DIR/mine.yaml' },
  'a folder in the place of the file': { env: { HOME: '$DIR' }, files: { 'mine.yaml/x': '' }, configPath: '$DIR/mine.yaml' },
  'neither $HOME nor a path': { env: {}, files: {} },
  'the mode 0644 is a warning': home(root, {}, { modes: { [place]: 0o644 } }),
  'the mode 0640 is a warning': home(root, {}, { modes: { [place]: 0o640 } }),
  'the mode 0400 is a warning': home(root, {}, { modes: { [place]: 0o400 } }),
  'the mode 0700 is a warning': home(root, {}, { modes: { [place]: 0o700 } }),

  // Which profile.
  'the root profile without active_profile': home(withDev),
  'active_profile': home(`active_profile: dev\n${withDev}`),
  'active_profile after the profiles': home(`${withDev}active_profile: dev\n`),
  'active_profile: default is the root profile': home(`active_profile: default\n${withDev}`),
  'active_profile that does not exist': home(`active_profile: prod\n${withDev}`),
  'an empty active_profile': home(`active_profile: ""\n${withDev}`),
  'active_profile: null': home(`active_profile: ~\n${withDev}`),
  '$SCW_PROFILE': home(withDev, { SCW_PROFILE: 'dev' }),
  '$SCW_PROFILE goes before active_profile': home(`active_profile: prod\n${withDev}`, { SCW_PROFILE: 'dev' }),
  '$SCW_PROFILE=default is the root profile': home(`active_profile: dev\n${withDev}`, { SCW_PROFILE: 'default' }),
  'an empty $SCW_PROFILE is none': home(`active_profile: dev\n${withDev}`, { SCW_PROFILE: '' }),
  '$SCW_PROFILE that does not exist': home(withDev, { SCW_PROFILE: 'prod' }),
  '$SCW_PROFILE without a file': home(undefined, { SCW_PROFILE: 'dev' }),
  'the profile that is asked for': home(withDev, {}, { profile: 'dev' }),
  'the profile that is asked for goes before $SCW_PROFILE': home(withDev, { SCW_PROFILE: 'prod' }, { profile: 'dev' }),
  'the profile default that is asked for': home(`active_profile: dev\n${withDev}`, {}, { profile: 'default' }),
  'a profile that is asked for and does not exist': home(withDev, {}, { profile: 'Dev' }),
  'an empty name that is asked for': home(withDev, {}, { profile: '' }),
  'a profile named default is never read': home(`${root}profiles:\n  default:\n    access_key: ${otherKey}\n`, { SCW_PROFILE: 'default' }),
  'a profile named like a property of objects': home(`${root}profiles:\n  __proto__:\n    access_key: ${otherKey}\n`, { SCW_PROFILE: '__proto__' }),
  'a property of objects that is no profile': home(withDev, { SCW_PROFILE: 'constructor' }),
  'a profile whose name is a number': home(`${root}profiles:\n  1:\n    access_key: ${otherKey}\n`, { SCW_PROFILE: '1' }),

  // Merging.
  'a named profile over the root profile, field by field': home(`${withDev}`, { SCW_PROFILE: 'dev' }),
  'a named profile without keys has those of the root profile': home(`${root}profiles:\n  dev:\n    default_zone: nl-ams-1\n`, { SCW_PROFILE: 'dev' }),
  'null in a named profile is absent': home(`${root}profiles:\n  dev:\n    access_key: ~\n`, { SCW_PROFILE: 'dev' }),
  'an empty text in a named profile is a value': home(`${root}default_zone: fr-par-1\nprofiles:\n  dev:\n    default_zone: ""\n`, { SCW_PROFILE: 'dev' }),
  'variables over the profile': home(`active_profile: dev\n${withDev}`, { SCW_DEFAULT_ZONE: 'pl-waw-2', SCW_DEFAULT_PROJECT_ID: otherProject }),
  'false in a named profile over true': home(`${root}insecure: true\nprofiles:\n  dev:\n    insecure: false\n`, { SCW_PROFILE: 'dev' }),
  'a profile without values': home(`${root}profiles:\n  dev:\n`, { SCW_PROFILE: 'dev' }),
  'a profile that is an empty map': home(`${root}profiles:\n  dev: {}\n`, { SCW_PROFILE: 'dev' }),

  // The fields.
  'every field': home(`${root}api_url: https://api.example\ns3_endpoint: https://s3.example\ns3_use_path_style: true\ninsecure: false\ndefault_organization_id: ${organization}\ndefault_project_id: ${project}\ndefault_region: nl-ams\ndefault_zone: nl-ams-1\nsend_telemetry: false\nuser_agent: mine/1.0\n`),
  'every variable': environment({ ...keys, SCW_API_URL: 'https://api.example', SCW_S3_ENDPOINT: 'https://s3.example', SCW_S3_USE_PATH_STYLE: 'true', SCW_INSECURE: 'false', SCW_DEFAULT_ORGANIZATION_ID: organization, SCW_DEFAULT_PROJECT_ID: project, SCW_DEFAULT_REGION: 'nl-ams', SCW_DEFAULT_ZONE: 'nl-ams-1', SCW_USER_AGENT: 'mine/1.0' }),
  'fields that are not known': home(`${root}zone: fr-par-1\nproject_id: x\nSECRET_KEY: y\n`),
  'names of variables are not fields': home(`${root}SCW_DEFAULT_ZONE: fr-par-1\n`),

  // Deprecated variables.
  '$SCW_TOKEN for the secret key': environment({ SCW_ACCESS_KEY: key, SCW_TOKEN: secret }),
  '$SCALEWAY_TOKEN for the secret key': environment({ SCW_ACCESS_KEY: key, SCALEWAY_TOKEN: secret }),
  '$SCW_SECRET_KEY goes before the deprecated ones': environment({ ...keys, SCW_TOKEN: otherSecret, SCALEWAY_TOKEN: otherSecret }),
  '$SCW_TOKEN goes before $SCALEWAY_TOKEN': environment({ SCW_ACCESS_KEY: key, SCW_TOKEN: secret, SCALEWAY_TOKEN: otherSecret }),
  '$SCALEWAY_ACCESS_KEY is both keys': environment({ SCALEWAY_ACCESS_KEY: key }),
  '$SCALEWAY_ACCESS_KEY beside a secret key': environment({ SCALEWAY_ACCESS_KEY: key, SCW_SECRET_KEY: secret }),
  '$SCW_ORGANIZATION': environment({ ...keys, SCW_ORGANIZATION: organization }),
  '$SCALEWAY_ORGANIZATION': environment({ ...keys, SCALEWAY_ORGANIZATION: organization }),
  '$SCW_REGION': environment({ ...keys, SCW_REGION: 'fr-par' }),
  '$SCALEWAY_REGION': environment({ ...keys, SCALEWAY_REGION: 'fr-par' }),
  'the region par1': environment({ ...keys, SCW_DEFAULT_REGION: 'par1' }),
  'the region ams1 in a deprecated variable': environment({ ...keys, SCW_REGION: 'ams1' }),
  'the region par1 in the file stays': home(`${root}default_region: par1\n`),
  '$SCW_ZONE and $SCALEWAY_ZONE are not read': environment({ ...keys, SCW_ZONE: 'fr-par-1', SCALEWAY_ZONE: 'fr-par-1' }),
  '$SCW_DEFAULT_PROJECT has no meaning': environment({ ...keys, SCW_DEFAULT_PROJECT: project, SCW_PROJECT_ID: project }),

  // Switches.
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False', 'yes', 'tRUE', '', ' true'].map((value) => [`$SCW_INSECURE="${value}"`, environment({ ...keys, SCW_INSECURE: value })])),
  '$SCW_TLSVERIFY is the inverse': environment({ ...keys, SCW_TLSVERIFY: 'true' }),
  '$SCW_TLSVERIFY=0': environment({ ...keys, SCW_TLSVERIFY: '0' }),
  '$SCW_TLSVERIFY that is no switch': environment({ ...keys, SCW_TLSVERIFY: 'maybe' }),
  '$SCW_INSECURE goes before $SCW_TLSVERIFY': environment({ ...keys, SCW_INSECURE: 'false', SCW_TLSVERIFY: 'false' }),
  '$SCW_S3_USE_PATH_STYLE that is no switch': environment({ ...keys, SCW_S3_USE_PATH_STYLE: 'maybe' }),
  ...Object.fromEntries(['true', 'True', 'TRUE', 'yes', 'on', 'y', 'Y', 'n', 'no', 'Off', 'false', '"true"', '1', 'maybe', '~', '!!bool yes'].map((value) => [`insecure: ${value}`, home(`${root}insecure: ${value}\n`)])),

  // Empty variables are values.
  'an empty $SCW_SECRET_KEY': home(root, { SCW_SECRET_KEY: '' }),
  'an empty $SCW_ACCESS_KEY': home(root, { SCW_ACCESS_KEY: '' }),
  'an empty $SCW_SECRET_KEY hides $SCW_TOKEN': environment({ SCW_ACCESS_KEY: key, SCW_SECRET_KEY: '', SCW_TOKEN: secret }),
  'an empty $SCW_DEFAULT_ZONE': home(`${root}default_zone: fr-par-1\n`, { SCW_DEFAULT_ZONE: '' }),
  'an empty $SCW_DEFAULT_REGION': environment({ ...keys, SCW_DEFAULT_REGION: '' }),
  'an empty $SCW_DEFAULT_PROJECT_ID': environment({ ...keys, SCW_DEFAULT_PROJECT_ID: '' }),
  'an empty $SCW_DEFAULT_ORGANIZATION_ID': environment({ ...keys, SCW_DEFAULT_ORGANIZATION_ID: '' }),
  'an empty $SCW_API_URL': environment({ ...keys, SCW_API_URL: '' }),
  'an empty $SCW_S3_ENDPOINT': environment({ ...keys, SCW_S3_ENDPOINT: '' }),
  'an empty $SCW_USER_AGENT': environment({ ...keys, SCW_USER_AGENT: '' }),

  // Checks.
  'a secret key without an access key': environment({ SCW_SECRET_KEY: secret }),
  'an access key without a secret key': environment({ SCW_ACCESS_KEY: key }),
  'a wrong access key without a secret key': environment({ SCW_ACCESS_KEY: 'x' }),
  'an access key in small letters': environment({ ...keys, SCW_ACCESS_KEY: key.toLowerCase() }),
  'an access key that is too short': environment({ ...keys, SCW_ACCESS_KEY: key.slice(1) }),
  'an access key with a Project': environment({ ...keys, SCW_ACCESS_KEY: `${key}@${project}` }),
  'an access key with a line break': environment({ ...keys, SCW_ACCESS_KEY: `${key}\n` }),
  'a secret key in capitals': environment({ ...keys, SCW_SECRET_KEY: 'ABCDEF00-1111-4111-8111-111111111111' }),
  'a secret key that is no UUID': environment({ ...keys, SCW_SECRET_KEY: 'secret' }),
  'a secret key with a space': environment({ ...keys, SCW_SECRET_KEY: `${secret} ` }),
  'an Organization that is no UUID': environment({ ...keys, SCW_DEFAULT_ORGANIZATION_ID: 'x' }),
  'a Project that is no UUID': environment({ ...keys, SCW_DEFAULT_PROJECT_ID: 'x' }),
  'a region in capitals': environment({ ...keys, SCW_DEFAULT_REGION: 'FR-PAR' }),
  'a region with seven letters': environment({ ...keys, SCW_DEFAULT_REGION: 'fr-parisss' }),
  'a region with eight letters': environment({ ...keys, SCW_DEFAULT_REGION: 'fr-parissss' }),
  'a region that is a zone': environment({ ...keys, SCW_DEFAULT_REGION: 'fr-par-1' }),
  'a zone with two digits': environment({ ...keys, SCW_DEFAULT_ZONE: 'fr-par-12' }),
  'a zone with three digits': environment({ ...keys, SCW_DEFAULT_ZONE: 'fr-par-123' }),
  'a zone with seven letters': environment({ ...keys, SCW_DEFAULT_ZONE: 'fr-parisss-1' }),
  'a zone that is a region': environment({ ...keys, SCW_DEFAULT_ZONE: 'fr-par' }),
  'an API URL with a final slash': environment({ ...keys, SCW_API_URL: 'https://api.example/' }),
  'an API URL with a path': environment({ ...keys, SCW_API_URL: 'http://127.0.0.1:4010/scaleway' }),
  'an API URL that cannot be parsed': environment({ ...keys, SCW_API_URL: 'https://[::1' }),
  'an API URL with a space in its host': environment({ ...keys, SCW_API_URL: 'https://a b' }),
  'an S3 endpoint with a final slash': environment({ ...keys, SCW_S3_ENDPOINT: 'https://s3.example/' }),
  'a user agent with a line break': environment({ ...keys, SCW_USER_AGENT: 'a\nb' }),
  'a user agent with a letter beyond ASCII': environment({ ...keys, SCW_USER_AGENT: 'é' }),
  'a user agent of 256 characters': environment({ ...keys, SCW_USER_AGENT: 'a'.repeat(256) }),
  'a user agent of 257 characters': environment({ ...keys, SCW_USER_AGENT: 'a'.repeat(257) }),
  'a wrong value in the file that a variable replaces': home(`${root}default_zone: x\n`, { SCW_DEFAULT_ZONE: 'fr-par-1' }),
  'a wrong value in the file that nothing replaces': home(`${root}default_zone: x\n`),
  'a wrong value in a profile that is not read': home(`${root}profiles:\n  dev:\n    default_zone: x\n`),

  // YAML.
  'an empty file': home(''),
  'a file with comments only': home('# a\n\n# b\n'),
  'comments after values': home(`access_key: ${key} # mine\nsecret_key: ${secret} # mine\n`),
  'values in quotes': home(`access_key: "${key}"\nsecret_key: '${secret}'\n`),
  'escapes in double quotes': home(`access_key: "\\x53CWAAAAAAAAAAAAAAAAA"\nsecret_key: ${secret}\n`),
  'a doubled single quote': home(`${root}user_agent: 'it''s'\n`),
  'flow style': home(`{access_key: ${key}, secret_key: ${secret}, profiles: {dev: {access_key: ${otherKey}}}}\n`, { SCW_PROFILE: 'dev' }),
  'a block of text': home(`${root}user_agent: |-\n  mine\n`),
  'a folded block of text': home(`${root}user_agent: >-\n  mine\n  too\n`),
  'a value on the next line': home(`access_key:\n  ${key}\nsecret_key: ${secret}\n`),
  'anchors and aliases': home(`${root}profiles:\n  dev: &dev\n    default_zone: nl-ams-1\n  prod: *dev\n`, { SCW_PROFILE: 'prod' }),
  'an alias of a value': home(`access_key: &key ${key}\nsecret_key: ${secret}\nprofiles:\n  dev:\n    access_key: *key\n`, { SCW_PROFILE: 'dev' }),
  'a merge before the fields': home(`${root}profiles:\n  dev: &dev\n    default_zone: nl-ams-1\n    user_agent: dev\n  prod:\n    <<: *dev\n    default_zone: fr-par-2\n`, { SCW_PROFILE: 'prod' }),
  'a merge after the fields': home(`${root}profiles:\n  dev: &dev\n    default_zone: nl-ams-1\n    user_agent: dev\n  prod:\n    default_zone: fr-par-2\n    <<: *dev\n`, { SCW_PROFILE: 'prod' }),
  'a merge of several': home(`${root}profiles:\n  a: &a {default_zone: nl-ams-1}\n  b: &b {default_zone: fr-par-2, user_agent: b}\n  prod:\n    <<: [*a, *b]\n`, { SCW_PROFILE: 'prod' }),
  'a merge of a text': home(`${root}profiles:\n  prod:\n    <<: text\n`, { SCW_PROFILE: 'prod' }),
  'a field that is there twice': home(`${root}default_zone: fr-par-1\ndefault_zone: fr-par-2\n`),
  'a field that is there twice, null the second time': home(`${root}default_zone: fr-par-1\ndefault_zone: ~\n`),
  'profiles that are there twice': home(`${root}profiles:\n  a:\n    default_zone: fr-par-1\nprofiles:\n  b:\n    default_zone: fr-par-2\n`, { SCW_PROFILE: 'a' }),
  'two documents': home(`---\n${root}---\naccess_key: ${otherKey}\n`),
  'a second document that cannot be parsed': home(`${root}---\na: [\n`),
  'an end of the document': home(`${root}...\n`),
  'a byte order mark': home(`\ufeff${root}`),
  'line breaks of Windows': home(root.replaceAll('\n', '\r\n')),
  'no space after the colon': home(`access_key:${key}\n`),
  'a tab before a field': home(`${root}profiles:\n\tdev:\n`),
  'a list at the root': home('- a\n'),
  'a text at the root': home('a\n'),
  'a list for a text': home(`${root}default_zone: [fr-par-1]\n`),
  'a map for a text': home(`${root}default_zone: {a: b}\n`),
  'a list for the profiles': home(`${root}profiles: [a]\n`),
  'a text for the profiles': home(`${root}profiles: a\n`),
  'a text for a profile that is not read': home(`${root}profiles:\n  dev: a\n`),
  'null for the profiles': home(`${root}profiles: ~\n`),
  'an open bracket': home('access_key: [\n'),
  'an open quote': home('access_key: "a\n'),
  'an alias that nothing defines': home(`access_key: *key\n`),
  'a number for a text': home(`${root}user_agent: 0x10\n`),
  'a fraction for a text': home(`${root}user_agent: 1.50\n`),
  'a switch for a text': home(`${root}user_agent: yes\n`),
  'a date for a text': home(`${root}user_agent: 2026-01-01\n`),
  ...Object.fromEntries(['~', 'null', 'Null', 'NULL', '"null"', '!!null null', '!!str null', '!!str 1'].map((value) => [`user_agent: ${value}`, home(`${root}user_agent: ${value}\n`)])),
  'a value without its text': home(`${root}user_agent:\n`),
  'a colon inside a value': home(`${root}user_agent: a:b\n`),
  'a number sign inside a value': home(`${root}user_agent: a#b\n`),
  'quotes inside a value': home(`${root}user_agent: a"b'c\n`),
}

export const cases = Object.entries(named).map(([name, one]) => ({ name, ...one }))
