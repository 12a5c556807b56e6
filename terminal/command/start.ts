import type { Command } from './command.ts'
import { exitCodes, Failure, reasonOf, UsageError } from './failure.ts'
import { help } from './help.ts'
import type { Options } from './options.ts'
import { Output } from './output.ts'
import { parseWith, wantsHelp, wantsJson } from './parse.ts'

/** Runs a command with the arguments of this process, and ends the process with its exit code. */
export const start = <Of extends Options>(command: Command<Of>): Promise<never> =>
  startProcess((argv, output) => codeFor(command, argv, output))

/** Runs `run` with the arguments of this process, and ends the process with its exit code. Shows no stack trace. */
export async function startProcess(run: (argv: readonly string[], output: Output) => Promise<number>): Promise<never> {
  const argv = process.argv.slice(2)
  const output = new Output({ out: process.stdout, error: process.stderr }, wantsJson(argv))
  const unexpected = (error: unknown) => {
    output.fail(failureOf(error))
    process.exit(exitCodes.failed)
  }
  process.on('uncaughtException', unexpected).on('unhandledRejection', unexpected)
  return process.exit(await run(argv, output))
}

/** Runs a command with these arguments. Resolves with the exit code when everything is printed. */
export async function codeFor<Of extends Options>(
  command: Command<Of>,
  argv: readonly string[],
  output: Output,
): Promise<number> {
  try {
    if (wantsHelp(argv)) {
      await output.print(help(command))
      return exitCodes.done
    }
    return await command.run({ ...parseWith(command.options, argv, command.words), output })
  } catch (error) {
    return fail(error, output)
  }
}

/** Reports an error. Returns its exit code. */
export function fail(error: unknown, output: Output): number {
  output.fail(failureOf(error))
  return error instanceof Failure ? error.exitCode : exitCodes.failed
}

/** The failure to print: wrong usage refers to --help, and an error that no code expected is marked. */
function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return new UsageError(`${error.message} Try --help.`)
  return error instanceof Failure ? error : new Failure(`Unexpected: ${reasonOf(error)}`)
}
