import { exitCodes, UsageError } from './failure.ts'
import { table } from './help.ts'
import type { Output } from './output.ts'
import { wantsHelp } from './parse.ts'
import { fail, startProcess } from './start.ts'
import { visible } from './visible.ts'

/** A program with several commands. Its first argument names the command to run. */
export interface Program {
  readonly usage: string
  /** The purpose of the program, in whole sentences. */
  readonly about: string
  readonly commands: Readonly<Record<string, Subcommand>>
}

export interface Subcommand {
  /** The purpose of the command, for the list of all commands. */
  readonly about: string
  /** Runs the command with these arguments. Resolves with the exit code. */
  run(argv: readonly string[], output: Output): Promise<number>
}

/** Runs a program with the arguments of this process, and ends the process with its exit code. */
export const startProgram = (program: Program): Promise<never> =>
  startProcess((argv, output) => codeForProgram(program, argv, output))

/** Runs the command that the first argument names. Resolves with the exit code. */
export async function codeForProgram(program: Program, argv: readonly string[], output: Output): Promise<number> {
  const { commands } = program
  const [name = '', ...rest] = argv
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command.run(rest, output)
  if (!wantsHelp(argv)) return fail(unknownCommand(name, Object.keys(commands)), output)
  await output.print(helpOf(program))
  return exitCodes.done
}

function unknownCommand(name: string, known: readonly string[]): UsageError {
  const isMissing = name === '' || name.startsWith('-')
  const problem = isMissing ? 'The command is missing' : `There is no command "${visible(name)}"`
  return new UsageError(`${problem}; there are ${known.join(', ')}.`)
}

function helpOf({ usage, about, commands }: Program): string {
  const rows = Object.entries(commands).map(([name, command]) => [name, command.about] as const)
  return [
    `Usage: ${usage}`,
    about,
    `Commands:\n${table(rows)}`,
    `Options:\n${table([['--help', 'print this, or the help of a command behind its name']])}`,
  ].join('\n\n')
}
