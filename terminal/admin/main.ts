import type { Output } from '../command/output.ts'
import { codeForProgram, type Subcommand } from '../command/program.ts'
import { accountVerbs } from './account-verbs.ts'
import { legalHoldVerb, retentionVerb } from './rule-verbs.ts'
import { disconnectVerb, eraseVerb, suspendedVerb, suspendVerb, unsuspendVerb } from './user-verbs.ts'

/** The verbs of `npm run admin`. */
const verbs: Readonly<Record<string, Subcommand>> = {
  ...accountVerbs,
  suspend: suspendVerb,
  unsuspend: unsuspendVerb,
  suspended: suspendedVerb,
  disconnect: disconnectVerb,
  erase: eraseVerb,
  retention: retentionVerb,
  'legal-hold': legalHoldVerb,
}

/** Runs the verb that the first argument names. Resolves with the exit code. */
export const admin = (argv: readonly string[], output: Output): Promise<number> =>
  codeForProgram(
    {
      usage: 'npm run --silent admin -- <verb> [options]',
      about: `What administrators do. The first three verbs keep the users of the stack's own pool, with AWS credentials; the others are
verbs of the chat that only administrators may use, with the token of one.`,
      commands: verbs,
    },
    argv,
    output,
  )
