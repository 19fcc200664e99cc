// The emulator on a port, and a TCP proxy before it that breaks connections: latency, reset, slow close, limit, slicer.
import { once } from 'node:events'
import { type Server as HttpServer, createServer as createHttpServer } from 'node:http'
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'
import type { FlexibleIpEmulator } from 'flexip/emulator'

/** Serves an emulator on a port of this machine. */
export async function served(emulator: FlexibleIpEmulator): Promise<{ port: number; server: HttpServer }> {
  const server = createHttpServer((request, response) => {
    const parts: Buffer[] = []
    request.on('error', () => {})
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = 'GET', url = '/', headers } = request
      const body = parts.length > 0 ? Buffer.concat(parts).toString() : undefined
      const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
      void emulator.fetch(url, { method, headers: plain, ...(body !== undefined && { body }) }).then(async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
      })
    })
  })
  return { port: await listening(server), server }
}

export type TcpFault = 'none' | 'latency' | 'resetBefore' | 'resetAfter' | 'slowClose' | 'limit' | 'slicer'
const faults: TcpFault[] = ['latency', 'resetBefore', 'resetAfter', 'slowClose', 'limit', 'slicer']

/** A proxy to this port. `random` gives numbers within 0 and 1: the same ones, the same faults. */
export async function faultyProxy(target: number, random: () => number, share: number) {
  const injections = new Map<TcpFault, number>()
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, (down) => {
    const up = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [down, up]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    down.on('close', () => up.destroy())
    up.on('close', () => down.destroy())
    // Every request draws anew: a connection carries many.
    let fault: TcpFault = 'none'
    down.on('data', (data: Buffer) => {
      fault = random() < share ? (faults[Math.floor(random() * faults.length)] ?? 'none') : 'none'
      injections.set(fault, (injections.get(fault) ?? 0) + 1)
      if (fault === 'resetBefore') down.resetAndDestroy()
      else up.write(data)
    })
    up.on('data', (data: Buffer) => {
      switch (fault) {
        case 'latency':
          setTimeout(() => down.write(data), Math.floor(random() * 60))
          return
        case 'resetAfter':
          down.resetAndDestroy()
          return
        case 'limit':
          down.end(data.subarray(0, Math.floor(random() * data.length)))
          return
        case 'slowClose':
          down.write(data.subarray(0, data.length - 1))
          setTimeout(() => down.end(), 30)
          return
        case 'slicer':
          for (let at = 0; at < data.length; at += 97) down.write(data.subarray(at, at + 97))
          return
        default:
          down.write(data)
      }
    })
    down.on('end', () => up.end())
    up.on('end', () => down.end())
  })
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { port: await listening(server), injections, close }
}

async function listening(server: Server | HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
