import { PassThrough } from 'node:stream'
import { Output } from '../../terminal/command/output.ts'

/** The output of a command. `printed` returns the text since its last call. */
export function capturedOutput(isJson = false) {
  const [out, error] = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })]
  const text = (stream: PassThrough): string => String(stream.read() ?? '')
  return { output: new Output({ out, error }, isJson), printed: () => ({ out: text(out), error: text(error) }) }
}
