import { startProgram } from './command/program.ts'
import { codeFor } from './command/start.ts'

// Each command is loaded only when it runs, since the clients of AWS take long to load.
await startProgram({
  usage: 'node --import tsx terminal/main.ts <command> [options]',
  about: 'Commands that use, deploy and administer a chat. `npm run <command> -- [options]` does the same.',
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
    deploy: {
      about: 'deploy the chat to an AWS account, or update it',
      run: async (argv, output) => codeFor((await import('./deploy/command.ts')).deploy, argv, output),
    },
    admin: {
      about: 'what administrators do: users, tokens, suspensions, retention',
      run: async (argv, output) => (await import('./admin/main.ts')).admin(argv, output),
    },
    destroy: {
      about: 'remove a deployment, and say what stays',
      run: async (argv, output) => codeFor((await import('./destroy/command.ts')).destroy, argv, output),
    },
    verify: {
      about: 'check what the protocol promises, against any deployment',
      run: async (argv, output) => codeFor((await import('./verify/verify.ts')).verify, argv, output),
    },
    smoke: {
      about: 'go once through what a client does, against any deployment',
      run: async (argv, output) => codeFor((await import('./verify/smoke.ts')).smoke, argv, output),
    },
    restore: {
      about: 'restore the tables to a point in time, as new tables',
      run: async (argv, output) => codeFor((await import('./restore/command.ts')).restore, argv, output),
    },
    dump: {
      about: 'write everything in the tables to a folder',
      run: async (argv, output) => codeFor((await import('./dump/command.ts')).dump, argv, output),
    },
    load: {
      about: 'store a dump in the empty tables of a new deployment',
      run: async (argv, output) => codeFor((await import('./load/command.ts')).load, argv, output),
    },
  },
})
