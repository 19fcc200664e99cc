// Tags as one line of text, and back, without a loss.
/** A text in double quotes, as in JSON, or a text without a comma. */
const partPattern = /\s*(?:("(?:[^"\\]|\\.)*")\s*(?=,|$)|([^,]*))(?:,|$)/gy

/** The texts of a list that a person typed, separated by commas. Double quotes hold any text, as in JSON. */
export function listOf(text: string): string[] {
  return [...text.matchAll(partPattern)].flatMap(([, quoted, plain = '']) => unquoted(quoted) ?? (plain.trim() === '' && quoted === undefined ? [] : [quoted ?? plain.trim()]))
}

function unquoted(text: string | undefined): string[] | undefined {
  try {
    return text === undefined ? undefined : [JSON.parse(text) as string]
  } catch {
    // A text that only begins like one of JSON is taken as it is.
    return undefined
  }
}

/** A list as text, from which `listOf` makes the same list. */
export function textOf(list: readonly string[]): string {
  return list.map((item) => (listOf(item).length === 1 && listOf(item)[0] === item && !/[\n\r]/.test(item) ? item : JSON.stringify(item))).join(', ')
}
