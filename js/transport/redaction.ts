// Keeps secrets out of what leaves the library: messages, causes, bodies of refusals.

/** Replaces each secret in a text, in every form that it has on the wire. Redact before cutting the text, else the beginning of a secret could stay. */
export function redact(secrets: readonly string[], text: string): string {
  for (const secret of secrets) {
    for (const form of formsOf(secret)) text = text.replaceAll(form, '[secret]')
  }
  return text
}

/** The secret itself, in JSON, in a URL, and as a part of what is encoded as base64. */
function formsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64Forms(secret)]
}

// Three bytes are four digits, so the digits of a secret depend on where it begins in the text that is encoded.
// The first and the last digit can belong to its neighbours as well, and stay.
function base64Forms(secret: string): string[] {
  // The digits of a short secret would be found by chance.
  if (secret.length < 8 || typeof btoa === 'undefined') return []
  return [0, 1, 2].map((offset) => btoa('-'.repeat(offset) + secret).slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + secret.length) * 4) / 3)))
}

/** The bodies of successes that contain a secret, each without it. */
const cleanBodies = new WeakMap<object, unknown>()

/** Notes how a body is shown in an error. */
export function noteClean(body: unknown, clean: unknown): void {
  if (typeof body === 'object' && body !== null) cleanBodies.set(body, clean)
}

/** A body as an error may show it. */
export function cleanOf(body: unknown): unknown {
  return cleanBodies.has(body as object) ? cleanBodies.get(body as object) : body
}
