import type { Command } from './command.ts'
import { exitCodes, Failure, reasonOf, UsageError } from './failure.ts'
import { help } from './help.ts'
import type { Options } from './options.ts'
import { Output } from './output.ts'
import { parseWith, wantsHelp, wantsJson } from './parse.ts'

/** Runs a command with the words of this process, and ends the process with its exit code. No stack trace is shown. */
export async function start<Of extends Options>(command: Command<Of>): Promise<never> {
  const argv = process.argv.slice(2)
  const output = new Output({ out: process.stdout, error: process.stderr }, wantsJson(argv))
  const surprise = (error: unknown) => {
    output.fail(told(error))
    process.exit(exitCodes.failed)
  }
  process.on('uncaughtException', surprise).on('unhandledRejection', surprise)
  return process.exit(await codeFor(command, argv, output))
}

/** Runs a command with these words. Resolves with the exit code; what it has to say is said. */
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
    return (await command.run({ ...parseWith(command.options, argv, command.words), output })) ?? exitCodes.done
  } catch (error) {
    output.fail(told(error))
    return error instanceof Failure ? error.exitCode : exitCodes.failed
  }
}

/** An error as it is told: whoever typed something wrong learns where to look, and a surprise is called one. */
function told(error: unknown): Failure {
  if (error instanceof UsageError) return new UsageError(`${error.message} Try --help.`)
  return error instanceof Failure ? error : new Failure(`Unexpected: ${reasonOf(error)}`)
}
