import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { exitCodes, Failure, reasonOf } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import { breakIn, type ChainedLine, firstHash } from './chain.ts'

/** Reports whether the hash chain of a file holds, and the line at which it breaks. Resolves with the exit code. */
export async function verifyFile(file: string, output: Output): Promise<number> {
  let count = 0
  let last = firstHash
  for await (const text of linesOf(file)) {
    count++
    const line = jsonIn(text)
    const reason = line === undefined ? 'it is no JSON' : breakIn(line, last)
    if (reason !== undefined) {
      output.fail(new Failure(`The chain breaks at line ${count}: ${reason}.`, 'broken'), { line: count })
      return exitCodes.failed
    }
    last = (line as ChainedLine).hash
  }
  if (count === 0) throw new Failure(`There is no line in ${file}.`)
  const text = `The chain holds: ${count} lines, the last one with the hash ${last}.`
  await (output.isJson ? output.printJson({ lines: count, hash: last }) : output.print(text))
  return exitCodes.done
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file)
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${reasonOf(error)}.`)
  } finally {
    stream.destroy()
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
