import { BadArgument } from './arguments.ts'

/** Prints what a command answers to its arguments; a wrong argument is told in one line, and the command fails. */
export function answer(command: (argv: readonly string[]) => string): void {
  try {
    process.stdout.write(`${command(process.argv.slice(2))}\n`)
  } catch (error) {
    if (!(error instanceof BadArgument)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
