// Loads a WebAssembly module on first use: there is no init call.
import { ConfigurationError } from './errors.js'

/** Gives the exports of a module whose bytes are inlined as hexadecimal digits, compiling it on the first call. */
export function lazily<T>(exports: T, init: (module: { module: BufferSource }) => unknown, hex: string): () => T {
  let loaded = false
  return () => {
    if (!loaded) {
      try {
        init({ module: bytes(hex) })
      } catch (cause) {
        throw new ConfigurationError(
          'WebAssembly cannot be compiled here. A page with a Content-Security-Policy has to allow ' +
            "it with script-src 'wasm-unsafe-eval'.",
          { cause },
        )
      }
      loaded = true
    }
    return exports
  }
}

/** The platform's own decoder where it has one. */
function bytes(hex: string): Uint8Array<ArrayBuffer> {
  const { fromHex } = Uint8Array as { fromHex?: (text: string) => Uint8Array<ArrayBuffer> }
  if (fromHex) return fromHex.call(Uint8Array, hex)
  const array = new Uint8Array(hex.length / 2)
  for (let place = 0; place < array.length; place++) array[place] = (nibble(hex, 2 * place) << 4) | nibble(hex, 2 * place + 1)
  return array
}

function nibble(hex: string, place: number): number {
  const code = hex.charCodeAt(place)
  return code < 58 ? code - 48 : code - 87
}
