// Loads a WebAssembly module on first use: there is no init call.
import { ConfigurationError } from './errors.js'

/** Gives the exports of a module whose bytes are inlined in base64, compiling it on the first call. */
export function lazily<T>(exports: T, init: (module: { module: BufferSource }) => unknown, base64: string): () => T {
  let loaded = false
  return () => {
    if (!loaded) {
      try {
        init({ module: bytes(base64) })
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

/** The quickest decoder that is here; the loop is quicker than `Uint8Array.from` with a function. */
function bytes(base64: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }
  if (fromBase64) return fromBase64.call(Uint8Array, base64)
  const binary = atob(base64)
  const array = new Uint8Array(binary.length)
  for (let place = 0; place < array.length; place++) array[place] = binary.charCodeAt(place)
  return array
}
