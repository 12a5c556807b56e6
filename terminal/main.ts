import { startProgram } from './command/program.ts'
import { codeFor } from './command/start.ts'

// Each command is loaded only when it runs, since the clients of AWS take long to load.
await startProgram({
  usage: 'node --import tsx terminal/main.ts <command> [options]',
  about: 'Commands that use a chat. `npm run <command> -- [options]` does the same.',
  commands: {
    chat: {
      about: 'talk in a room, from a terminal or a pipe',
      run: async (argv, output) => codeFor((await import('./chat/command.ts')).chat, argv, output),
    },
    export: {
      about: 'write the compliance record of a room as JSON lines',
      run: async (argv, output) => codeFor((await import('./export/command.ts')).exportRecord, argv, output),
    },
    redrive: {
      about: 'deliver the messages of dead letters again',
      run: async (argv, output) => codeFor((await import('./redrive/command.ts')).redrive, argv, output),
    },
  },
})
