// Texts of bounded length, and how long a value is.

/** The most characters of a text that is not JSON, and of a message of others. */
export const textMax = 400

/** The text, or its beginning with an ellipsis. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  // A pair of surrogates is not cut in two.
  const end = /[\ud800-\udbff]/.test(text.charAt(max - 2)) ? max - 2 : max - 1
  return `${text.slice(0, end)}…`
}

/** About how many characters a console may print for a value. */
const printedMax = 1500

/** Whether a console would print many lines for a value. */
export function isLong(value: unknown): boolean {
  return printedLength(value, printedMax) > printedMax
}

/** How deep a value is measured. A console prints less deep ones only, and a response can be nested thousands of times. */
const depthMax = 20

/** About how many characters a console prints for a value; only more than `max` where there are more. */
function printedLength(value: unknown, max: number, depth = depthMax): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null || depth === 0) return 8
  if (value instanceof Error) return (value.stack ?? value.message).length
  let length = 0
  for (const [name, item] of Object.entries(value)) {
    length += name.length + 4 + printedLength(item, max - length, depth - 1)
    if (length > max) break
  }
  return length
}
