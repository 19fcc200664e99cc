// Load for a server over connections that each send the next request when the last response is complete.
import { connect } from 'node:net'

/** Returns the requests that a server answers per second, over `connections` connections for `ms`. All responses must have the same length. */
export async function requestsPerSecond(url, request, { connections, ms }) {
  const { hostname, port } = new URL(url)
  const bytes = Buffer.from(request)
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(Number(port), hostname)))
  const length = await responseLength(sockets[0], bytes)
  let answered = 0
  let running = true
  for (const socket of sockets) {
    let left = length
    socket.on('data', (part) => {
      left -= part.length
      if (left > 0) return
      left += length
      answered++
      if (running) socket.write(bytes)
    })
  }
  const start = performance.now()
  for (const socket of sockets) socket.write(bytes)
  await new Promise((resolve) => setTimeout(resolve, ms))
  const seconds = (performance.now() - start) / 1000
  const result = answered / seconds
  running = false
  for (const socket of sockets) socket.destroy()
  return result
}

function open(port, host) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host, noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** The bytes of one response, head and body. */
async function responseLength(socket, bytes) {
  let text = ''
  socket.write(bytes)
  for (;;) {
    text += await new Promise((resolve, reject) => {
      socket.once('data', (part) => resolve(part.toString('latin1')))
      socket.once('close', () => reject(new Error('the connection was closed')))
    })
    const end = text.indexOf('\r\n\r\n') + 4
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    if (end > 3 && text.length >= end + length) return end + length
  }
}
