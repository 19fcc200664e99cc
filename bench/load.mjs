// Load for a server: connections that send the next request when the answer to the last one is there.
import { connect } from 'node:net'

/** Gives the requests a second that a server answers over some connections for a while. Every answer is of the same length. */
export async function requestsPerSecond(url, request, { connections, ms }) {
  const { hostname, port } = new URL(url)
  const bytes = Buffer.from(request)
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(Number(port), hostname)))
  const length = await answerLength(sockets[0], bytes)
  let answered = 0
  let open = true
  for (const socket of sockets) {
    let left = length
    socket.on('data', (part) => {
      left -= part.length
      if (left > 0) return
      left += length
      answered++
      if (open) socket.write(bytes)
    })
  }
  const start = performance.now()
  for (const socket of sockets) socket.write(bytes)
  await new Promise((resolve) => setTimeout(resolve, ms))
  const seconds = (performance.now() - start) / 1000
  const result = answered / seconds
  open = false
  for (const socket of sockets) socket.destroy()
  return result
}

function opened(port, host) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host, noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Head and body of one answer. */
async function answerLength(socket, bytes) {
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
