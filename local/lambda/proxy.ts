import type { Clock } from '../clock.ts'
import { isObject, parse, strings } from '../json.ts'
import type { InvocationResult } from './environment.ts'

/** The response that an AWS_PROXY integration makes of a function's result. */
export interface ProxyResult {
  statusCode: number
  headers: Record<string, string>
  body: string
}

/** Undefined if the function threw, took too long or returned something other than a proxy result. */
export async function proxyResult(
  running: Promise<InvocationResult>,
  timeoutMs: number,
  clock: Clock,
): Promise<ProxyResult | undefined> {
  const outcome = await within(running, timeoutMs, clock)
  if (!outcome || 'error' in outcome) return undefined
  const result = parse(outcome.payload)
  if (!isObject(result)) return undefined
  const { statusCode, body, headers, isBase64Encoded } = result
  const status = Number(statusCode)
  if (statusCode === undefined || !Number.isInteger(status) || status < 100 || status > 599) return undefined
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined
  return {
    statusCode: status,
    headers: strings(headers),
    body: isBase64Encoded === true ? Buffer.from(body ?? '', 'base64').toString() : (body ?? ''),
  }
}

/** Undefined after `ms`. The function goes on running then, as on AWS. */
function within<T>(running: Promise<T>, ms: number, clock: Clock): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(undefined))
    running.then(
      (value) => {
        cancel()
        resolve(value)
      },
      (error) => {
        cancel()
        reject(error)
      },
    )
  })
}
