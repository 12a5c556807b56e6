import {
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { Failure } from '../command/failure.ts'
import { pause } from '../pause.ts'
import { calling, nameOf } from '../tables/failures.ts'
import { type Kind, shapes } from '../tables/kept.ts'
import { differences } from '../tables/shape.ts'
import { type Restoring, untilActive } from './new-tables.ts'
import type { TablePlan } from './plan.ts'

/** A new table prepares its backups for some minutes, in which they cannot be switched on. */
const retryMs = 10_000

/**
 * Sets what a restored table has lost: stream, point-in-time recovery, protection from deletion, time to live. DynamoDB
 * makes one change of a table at a time, and what is set already is left alone.
 *
 * @returns the ARN of the stream; empty for a table without one
 */
export async function setAgain(restoring: Restoring, kind: Kind, { target, timeToLive }: TablePlan): Promise<string> {
  const { database, output } = restoring
  const [TableName, { stream }] = [target, shapes[kind]]
  const found = await untilActive(restoring, target)
  if (stream !== undefined && !found.StreamSpecification?.StreamEnabled) {
    output.note(`${kind}: switching the stream on`)
    const StreamSpecification = { StreamEnabled: true, StreamViewType: stream }
    await calling('UpdateTable', target, () =>
      database.send(new UpdateTableCommand({ TableName, StreamSpecification })),
    )
    await untilActive(restoring, target)
  }
  if (!(await isBackedUp(restoring, target))) {
    output.note(`${kind}: switching point-in-time recovery on`)
    await switchBackupsOn(restoring, target)
  }
  await protect(restoring, kind, target)
  if (timeToLive !== undefined && (await timeToLiveOf(restoring, target)) !== timeToLive) {
    output.note(`${kind}: setting the time to live`)
    const TimeToLiveSpecification = { AttributeName: timeToLive, Enabled: true }
    await calling('UpdateTimeToLive', target, () =>
      database.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification })),
    )
  }
  return check(restoring, kind, { target, timeToLive })
}

/** Protects a table from deletion, unless it is already. */
export async function protect(restoring: Restoring, kind: Kind, TableName: string): Promise<void> {
  const { database, output } = restoring
  if ((await untilActive(restoring, TableName)).DeletionProtectionEnabled) return
  output.note(`${kind}: protecting "${TableName}" from deletion`)
  await calling('UpdateTable', TableName, () =>
    database.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true })),
  )
  await untilActive(restoring, TableName)
}

/** Looks at everything once more. Throws a Failure that says what is not as it must be. */
async function check(
  restoring: Restoring,
  kind: Kind,
  { target, timeToLive }: Pick<TablePlan, 'target' | 'timeToLive'>,
): Promise<string> {
  const { stream } = shapes[kind]
  const found = await untilActive(restoring, target)
  const wrong = [
    ...differences(found, shapes[kind]),
    ...(stream === undefined || found.StreamSpecification?.StreamViewType === stream
      ? []
      : [`its stream holds ${found.StreamSpecification?.StreamViewType} and must hold ${stream}`]),
    ...(found.DeletionProtectionEnabled ? [] : ['it is not protected from deletion']),
    ...((await isBackedUp(restoring, target)) ? [] : ['its point-in-time recovery is off']),
    ...((await timeToLiveOf(restoring, target)) === timeToLive ? [] : ['its time to live is not that of the source']),
  ]
  if (wrong.length > 0) throw new Failure(`"${target}" cannot be used: ${wrong.join('; ')}.`, 'misfit')
  return stream === undefined ? '' : (found.LatestStreamArn ?? '')
}

async function isBackedUp({ database }: Restoring, TableName: string): Promise<boolean> {
  const { ContinuousBackupsDescription } = await calling('DescribeContinuousBackups', TableName, () =>
    database.send(new DescribeContinuousBackupsCommand({ TableName })),
  )
  return ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED'
}

async function switchBackupsOn({ database, clock }: Restoring, TableName: string): Promise<void> {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true }
  for (;;) {
    const isDone = await calling('UpdateContinuousBackups', TableName, async () => {
      try {
        await database.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }))
        return true
      } catch (error) {
        if (nameOf(error) === 'ContinuousBackupsUnavailableException') return false
        throw error
      }
    })
    if (isDone) return
    await pause(clock, retryMs)
  }
}

async function timeToLiveOf({ database }: Restoring, TableName: string): Promise<string | undefined> {
  const { TimeToLiveDescription: found } = await calling('DescribeTimeToLive', TableName, () =>
    database.send(new DescribeTimeToLiveCommand({ TableName })),
  )
  const isOn = found?.TimeToLiveStatus === 'ENABLED' || found?.TimeToLiveStatus === 'ENABLING'
  return isOn ? found.AttributeName : undefined
}
