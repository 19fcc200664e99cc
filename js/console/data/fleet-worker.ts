// The emulator in a shared worker: all tabs of a browser have the same fleet.
import { startHost } from './host.js'
import type { Carry, Question, Reply } from './protocol.js'

interface Scope {
  readonly name: string
  onconnect: ((event: MessageEvent) => void) | null
}

const scope = globalThis as unknown as Scope
let host: Promise<Carry> | undefined

scope.onconnect = ({ ports: [port] }) => {
  if (!port) return
  port.onmessage = async ({ data }: MessageEvent<Question>) => {
    let reply: Reply
    try {
      host ??= startHost(Number(scope.name.split(' ')[1] ?? 0))
      reply = { number: data.number, result: await (await host)(data.order) }
    } catch (error) {
      reply = { number: data.number, failure: error instanceof Error ? error.message : String(error) }
    }
    port.postMessage(reply)
  }
}
