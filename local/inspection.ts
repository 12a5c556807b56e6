import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock, MovedClock } from './clock.ts'
import type { CloudWatch } from './cloudwatch/start.ts'
import { minuteMs } from './cloudwatch/store.ts'
import { statisticOf } from './cloudwatch/summary.ts'
import type { Faults } from './faults/faults.ts'
import type { Usage } from './usage.ts'

export interface InspectionOptions {
  url: string
  usage: Usage
  faults: Faults
  /** Outputs of the template, by name. */
  outputs: Record<string, string>
  cloudwatch: CloudWatch
  /** The time of the metrics. */
  metricsClock: Clock | MovedClock
}

/**
 * Serves the address of the API, the outputs of the template, the usage, the alarms, the metrics and the kills. It sets
 * the faults, and moves the time of the metrics.
 */
export function inspection({ url, usage, faults, outputs, cloudwatch, metricsClock }: InspectionOptions) {
  const sendJson = (response: ServerResponse, value: unknown) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    switch (`${request.method} ${request.url}`) {
      case 'GET /':
        response.writeHead(200, { 'content-type': 'text/plain' }).end(`WebSocket: ${url}\n`)
        return true
      case 'GET /_local/usage':
        sendJson(response, usage.read())
        return true
      case 'GET /_local/outputs':
        sendJson(response, outputs)
        return true
      case 'GET /_local/alarms':
        sendJson(response, { alarms: cloudwatch.alarms(), history: cloudwatch.history() })
        return true
      case 'GET /_local/metrics':
        sendJson(response, metricsOf(cloudwatch))
        return true
      case 'POST /_local/time':
        readBody(request, response, (seconds) => moveTime(metricsClock, seconds))
        return true
      case 'DELETE /_local/usage':
        usage.reset()
        response.writeHead(204).end()
        return true
      case 'GET /_local/faults':
        sendJson(response, { faults: faults.spec, kills: faults.kills })
        return true
      case 'PUT /_local/faults':
        readBody(request, response, faults.set)
        return true
    }
    return false
  }
}

/** Hands the body on; an error is the answer. */
function readBody(request: IncomingMessage, response: ServerResponse, take: (body: string) => void): void {
  let body = ''
  request.setEncoding('utf8').on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    try {
      take(body)
      response.writeHead(204).end()
    } catch (error) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(`${error}\n`)
    }
  })
}

function moveTime(clock: Clock | MovedClock, seconds: string): void {
  if (!('advance' in clock)) throw new Error('The run has the time of the machine. Start it with METRICS_CLOCK=manual.')
  if (!/^\d{1,5}$/.test(seconds))
    throw new Error(
      `The body must be a number of seconds, at most 99999; it is ${JSON.stringify(seconds.slice(0, 20))}.`,
    )
  clock.advance(Number(seconds) * 1000)
}

/** Each metric with its values of the last hour, minute by minute. */
function metricsOf({ store, now }: CloudWatch) {
  const to = (Math.floor(now() / minuteMs) + 1) * minuteMs
  return store.metrics().map((metric) => ({
    ...metric,
    minutes: Array.from({ length: 60 }, (_, index) => to - (60 - index) * minuteMs).flatMap((at) => {
      const summary = store.read(metric, at, at + minuteMs)
      if (!summary) return []
      const { count, sum, min, max } = summary
      return [{ at, count, sum, min, max, p50: statisticOf(summary, 'p50'), p99: statisticOf(summary, 'p99') }]
    }),
  }))
}
