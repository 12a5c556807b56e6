import { defaultStack } from '../aws/stack-name.ts'
import type { Restored } from './restore-tables.ts'

/** What is to be done after a restore: a sentence, and commands for a shell. */
export interface Steps {
  epoch: string
  before: string
  deploy: string
  verify: string
}

/** A word for a shell. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/**
 * The epoch tells clients that the log is another one, so no earlier deployment may have had it: by default it is the
 * second in which the tables were made, which is also the same for a repeated call.
 */
export function nextSteps(
  { tables, messagesStream, madeAt }: Pick<Restored, 'tables' | 'messagesStream' | 'madeAt'>,
  { stack, epoch = String(madeAt) }: { stack: string; epoch?: string | undefined },
): Steps {
  const { rooms, messages, records } = tables
  const settings = {
    ...(stack !== defaultStack && { stack }),
    tables: `rooms=${rooms},messages=${messages},records=${records}`,
    messagesStream,
    epoch,
  }
  const context = Object.entries(settings).map(([name, value]) => `-c ${word(`${name}=${value}`)}`)
  return {
    epoch,
    before:
      'The old tables leave the stack with the next deployment, and are protected from deletion now. If the stack has removal=delete, deploy it with removal=keep first and change nothing else with that deployment.',
    deploy: ['npx cdk deploy', ...context].join(' '),
    verify: 'npm run verify -- --endpoint <output Url> --tokens tokens.json',
  }
}
