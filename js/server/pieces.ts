/** Splits a long text, which would take twice its memory as bytes. A character of two units is not split. */
export function* piecesOf(text: string): Generator<string, void> {
  for (let start = 0, end: number; start < text.length; start = end) {
    end = Math.min(text.length, start + 2 ** 20)
    const last = text.charCodeAt(end - 1)
    if (last >= 0xd800 && last < 0xdc00 && end < text.length) end++
    yield text.slice(start, end)
  }
}
