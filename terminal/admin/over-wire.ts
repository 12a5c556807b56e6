import type { ChatClient } from '../../client/index.ts'
import { throwAsFailure } from '../client-failures.ts'
import { exitCodes } from '../command/failure.ts'
import { json, type Options } from '../command/options.ts'
import type { Output } from '../command/output.ts'
import { connect } from '../connect.ts'
import { aboutTokens, connectionIsDown, connectionOptions } from '../options.ts'
import { tokenFor } from '../token.ts'

/** The options of every verb that goes over the wire. */
export const wireOptions = {
  ...connectionOptions,
  group: { kind: 'text', shown: 'name', default: 'chat-admins', meaning: 'the group of administrators in a local run' },
  json,
} as const satisfies Options

export const aboutAdministrators = `${aboutTokens} It must be the token of an administrator, as of "npm run --silent admin -- token".`

interface Connection {
  url: string
  timeout: number
  group: string
}

/** Connects as an administrator, asks for something, and prints the answer: as JSON, or as lines for people. */
export async function askOverWire<Answer>(
  { url, timeout, group }: Connection,
  output: Output,
  ask: (client: ChatClient) => Promise<Answer>,
  linesOf: (answer: Answer) => readonly string[],
): Promise<number> {
  const { client, lost } = await connect({
    url,
    timeout,
    token: () => tokenFor(url, { user: 'admin', groups: group }),
    onDown: () => output.note(connectionIsDown),
  })
  try {
    const answer = await ask(client)
    if (output.isJson) await output.printJson(answer)
    else for (const line of linesOf(answer)) await output.print(line)
    return exitCodes.done
  } catch (error) {
    return throwAsFailure(lost.aborted ? lost.reason : error)
  } finally {
    client.close()
  }
}
