// What `flexip console` needs of the page of a console: a policy, and the fields that it fills.
export const consolePolicy = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"

const fields = ['flexip-proxy', 'flexip-project', 'flexip-service', 'flexip-upstream', 'flexip-session']

export const consolePage = `<meta http-equiv="Content-Security-Policy" content="${consolePolicy}">${fields.map((name) => `<meta name="${name}" content="">`).join('')}`
