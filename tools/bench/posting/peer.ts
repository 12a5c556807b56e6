import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { endWithInput } from '../spawned.ts'

/** Answers every post as `@connections` does, without reading it. The first part of the path is the delay in milliseconds. */
const [folder = ''] = process.argv.slice(2)
const answer = {
  'content-length': 0,
  'x-amzn-requestid': 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  'x-amz-apigw-id': 'aBcDeFgHiJkLmNo=',
  'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
}

const server = createServer(
  { cert: readFileSync(join(folder, 'cert.pem')), key: readFileSync(join(folder, 'key.pem')) },
  (request, response) => {
    const latency = Number(request.url?.split('/')[1])
    const finish = () => response.writeHead(200, answer).end()
    request.resume().on('end', () => {
      if (latency > 0) setTimeout(finish, latency)
      else finish()
    })
  },
)
// The pauses between measurements are longer than the default of five seconds.
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`https://127.0.0.1:${address.port}`)
})
endWithInput()
