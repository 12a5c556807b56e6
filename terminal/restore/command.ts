import { systemClock } from '../../client/index.ts'
import type { Command, Invocation } from '../command/command.ts'
import { exitCodes, Failure } from '../command/failure.ts'
import { json, type Options } from '../command/options.ts'
import { dynamoAt } from '../tables/client.ts'
import { findTables, tableOptions } from '../tables/find.ts'
import { nextSteps } from './next-steps.ts'
import { restoreTables } from './restore-tables.ts'

/** A local run has no backups. */
const { local: _local, ...ofAccount } = tableOptions

const options = {
  at: { kind: 'time', absent: 'the latest time', meaning: 'the time to go back to' },
  suffix: { kind: 'text', shown: 'text', default: 'restored', meaning: 'the new tables are <table>-<suffix>' },
  mend: { kind: 'flag', meaning: 'put a removed message where a restored log lacks one' },
  epoch: {
    kind: 'text',
    shown: 'text',
    absent: 'the time of the restore',
    meaning: 'the epoch of the new deployment, which no earlier one had',
  },
  ...ofAccount,
  json,
} as const satisfies Options

export const restore: Command<typeof options> = {
  name: 'restore',
  about: `Restores the tables of rooms, messages and records to one moment, as new tables beside the present ones, whose items
stay as they are and which get protected from deletion. It sets what a restore loses, checks every log, repeats the erasures, and prints what to deploy. Cut off or
run again, it goes on where it stopped.`,
  options,
  notes: [
    'Everything is checked before anything is changed. The credentials and the Region are those of the environment.',
    'A log with a hole ends the command with exit code 1 unless --mend is given; docs/restore.md has the whole drill.',
  ],
  exits: { 1: 'something failed, or a log has holes; the same call goes on' },
  examples: [
    'npm run --silent restore -- --at 2026-11-22T22:33:01Z',
    'npm run --silent restore -- --stack ChatTwo --suffix drill',
  ],
  run: restoreAll,
}

async function restoreAll({ values, output }: Invocation<typeof options>): Promise<number> {
  const database = dynamoAt(undefined)
  try {
    const wanted = {
      tables: await findTables(database, values),
      suffix: values.suffix,
      at: values.at === undefined ? undefined : new Date(values.at),
    }
    const lambdaClock = {
      now: systemClock.now,
      sleep: (ms: number) => new Promise<void>((resolve) => void systemClock.after(ms, resolve)),
      random: Math.random,
    }
    const restored = await restoreTables({ database, clock: systemClock, lambdaClock, output }, wanted, values.mend)
    const { holes, withoutLog } = restored.logs
    if (!restored.isMended)
      throw new Failure(
        `${holes.length} positions are missing in logs and ${withoutLog.length} rooms have none; the same call with --mend closes them.`,
        'holes',
      )
    const steps = nextSteps(restored, values)
    if (output.isJson) await output.printJson({ ...restored, ...steps })
    else
      await output.print(
        `${steps.before}\nDeploy, with your other settings as before:\n${steps.deploy}\nThen check it:\n${steps.verify}`,
      )
    return exitCodes.done
  } finally {
    database.destroy()
  }
}
