// A bare node:http server that sends the same response to every request. It reads the response as JSON from standard input.
import { createServer } from 'node:http'

let text = ''
for await (const part of process.stdin) text += part
const { status, headers, body } = JSON.parse(text)
const server = createServer((_, response) => {
  response.sendDate = false
  response.writeHead(status, headers)
  response.end(body)
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })))
