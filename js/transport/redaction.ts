// Keeps secrets out of messages and causes.

/** Replaces each secret in a text. Redact before cutting the text, else the beginning of a secret could stay. */
export function redact(secrets: string[], text: string): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text)
}

/** Whether a value contains a secret, `depth` levels deep: some HTTP clients add the whole request to their errors. */
export function containsSecret(value: unknown, secret: string, depth = 5): boolean {
  if (typeof value === 'string') return value.includes(secret)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth === 0) return false
  try {
    const parts = value instanceof Headers ? [...value.values()] : Object.values(Object.getOwnPropertyDescriptors(value))
    return parts.some((part) => containsSecret(typeof part === 'string' ? part : part.value, secret, depth - 1))
  } catch {
    // A proxy whose traps throw.
    return false
  }
}
