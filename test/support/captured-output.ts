import { PassThrough } from 'node:stream'
import { Output } from '../../terminal/command/output.ts'

/** An output of a command, with the texts that it has printed so far. */
export function capturedOutput(isJson = false) {
  const [out, error] = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })]
  const text = (stream: PassThrough): string => String(stream.read() ?? '')
  return { output: new Output({ out, error }, isJson), printed: () => ({ out: text(out), error: text(error) }) }
}
