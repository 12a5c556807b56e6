import { Duration } from 'aws-cdk-lib/core'
import type { AlarmDefinition } from './definition.ts'
import { type Metrics, math, sum } from './metrics.ts'

/** The functions count a message as slow above this, in milliseconds. */
export const slowSendMs = 1000

/** What people notice: failed requests, slow messages, handshakes that fail. */
export function requestAlarms(metrics: Metrics): AlarmDefinition[] {
  const { own, api, lambda } = metrics
  const share = 'IF(failed >= 3, 100 * failed / all, 0)'
  // `unavailable` is never the fault of the user.
  const failures = share.replaceAll('failed', '(failed + FILL(refused, 0))')
  return [
    {
      name: 'internal-rate',
      severity: 'critical',
      says: 'More than 5 % of the requests, and at least three in a minute, are answered `internal` or `unavailable`.',
      metric: math('Failed, %', failures, {
        failed: own('Internal'),
        refused: own('Refused', 'Sum', { Outcome: 'unavailable' }),
        all: own('Requests'),
      }),
      above: 5,
    },
    {
      name: 'socket-errors',
      severity: 'critical',
      says: 'Functions behind the socket end with an error or too late, so clients get "Internal server error".',
      // A status of 403 by which $connect refuses somebody counts as an error of the integration.
      metric: math('Errors', 'FILL(errors, 0) + FILL(calls, 0) - FILL(refused, 0)', {
        errors: api('IntegrationError'),
        // A call that API Gateway could not make, as without its permission.
        calls: api('ExecutionError'),
        refused: own('Refused', 'Sum', { Verb: '$connect' }),
      }),
      above: 2,
    },
    {
      name: 'authorizer-errors',
      severity: 'critical',
      says: 'Handshakes fail in the authorizer for another reason than a bad token or an unreachable issuer.',
      metric: math('Errors', 'errors - FILL(tokens, 0) - FILL(guests, 0) - FILL(issuers, 0)', {
        errors: lambda('authorizer', 'Errors'),
        // The authorizer refuses these by an error, since API Gateway knows no other way to answer 401.
        tokens: own('HandshakesRefused', 'Sum', { Outcome: 'bad_token' }),
        guests: own('HandshakesRefused', 'Sum', { Outcome: 'guest_rate' }),
        issuers: own('IssuerUnreachable'),
      }),
      above: 2,
    },
    {
      name: 'issuer-unreachable',
      severity: 'critical',
      says: 'The issuer of the tokens cannot be asked for its keys, so nobody new can connect.',
      metric: own('IssuerUnreachable'),
      above: 0,
    },
    {
      name: 'slow-delivery',
      severity: 'warning',
      says: `One message in a hundred takes longer than ${slowSendMs} ms from its storage to its last post.`,
      metric: own('SendToHanded', 'p99').with({ period: Duration.minutes(5) }),
      above: slowSendMs,
      // p99 of less than a thousand values is the slowest of a few.
      lowSamples: 'ignore',
    },
    {
      name: 'slow-sends',
      severity: 'warning',
      says: `More than 5 % of the messages, and at least three in a minute, take longer than ${slowSendMs} ms to their last post.`,
      metric: math('Slow, %', share, { failed: own('SlowSends'), all: own('SlowSends', 'SampleCount') }),
      above: 5,
    },
    {
      name: 'posts-throttled',
      severity: 'warning',
      says: 'API Gateway refuses posts to connections, because of the rate of the account or of slow readers.',
      metric: sum('Throttled posts', [own('Posts', 'Sum', { Outcome: 'throttled' })]),
      above: 2,
    },
  ]
}
