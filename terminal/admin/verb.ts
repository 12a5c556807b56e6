import type { Command } from '../command/command.ts'
import type { Options } from '../command/options.ts'
import type { Subcommand } from '../command/program.ts'
import { codeFor } from '../command/start.ts'

/** A verb of `npm run admin`: a command, and its line in the list of all verbs. */
export const verb = <Of extends Options>(about: string, command: Command<Of>): Subcommand => ({
  about,
  run: (argv, output) => codeFor(command, argv, output),
})
