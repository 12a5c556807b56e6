import { object, text } from '../json.ts'
import type { Resolve } from './intrinsics.ts'
import type { Template } from './load.ts'
import { resolved } from './properties.ts'

/** Settings of the asynchronous invocations of a function. */
export interface AsyncSettings {
  retries: number
  maxAgeMs: number
  /** ARN of a queue or a function. */
  onFailure?: string
  onSuccess?: string
}

const type = 'AWS::Lambda::EventInvokeConfig'
const known = ['DestinationConfig', 'FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier']

export const defaultSettings: AsyncSettings = { retries: 2, maxAgeMs: 6 * 60 * 60_000 }

/** Reads the settings of asynchronous invocations, by ARN of the function. */
export function readAsyncSettings(
  template: Template,
  resolve: Resolve,
  functionArn: (name: string) => string,
): Map<string, AsyncSettings> {
  const read = resolved(template, resolve, type, known).map(({ id, properties }): [string, AsyncSettings] => {
    const refuse = (what: string) => new Error(`The local run does not know ${what} of ${type} (${id})`)
    if (properties.Qualifier !== '$LATEST') throw refuse(`the qualifier ${properties.Qualifier}`)
    const { DestinationConfig, MaximumEventAgeInSeconds, MaximumRetryAttempts, FunctionName } = properties
    const destination = (outcome: string) => {
      const arn = text(object(object(DestinationConfig)[outcome]).Destination)
      if (arn && !/:(sqs|lambda):/.test(arn)) throw refuse(`the destination ${arn}`)
      return arn
    }
    const [onFailure, onSuccess] = [destination('OnFailure'), destination('OnSuccess')]
    const asyncSettings = {
      retries: Number(MaximumRetryAttempts ?? defaultSettings.retries),
      maxAgeMs:
        MaximumEventAgeInSeconds === undefined ? defaultSettings.maxAgeMs : Number(MaximumEventAgeInSeconds) * 1000,
      ...(onFailure && { onFailure }),
      ...(onSuccess && { onSuccess }),
    }
    return [functionArn(text(FunctionName)), asyncSettings]
  })
  return new Map(read)
}
