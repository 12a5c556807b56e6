import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Output } from '../command/output.ts'

/**
 * Calls `line` for each line that a person types, until the input ends or the signal is aborted. Output is written above
 * the line that is being typed.
 */
export async function readPrompt(
  input: ReadStream,
  screen: WriteStream,
  output: Output,
  { signal, line }: { signal: AbortSignal; line(text: string): void },
): Promise<void> {
  const typing = createInterface({ input, output: screen, prompt: '> ' })
  const ended = new Promise<void>((resolve) => typing.on('close', resolve))
  const close = () => typing.close()
  signal.addEventListener('abort', close, { once: true })
  typing.on('SIGINT', close)
  output.around = (write) => writeAbove(typing, screen, write)
  typing.on('line', (text) => {
    if (text.trim() !== '') line(text)
    typing.prompt()
  })
  typing.prompt()
  if (signal.aborted) typing.close()
  await ended
  output.around = (write) => write()
  screen.write('\n')
}

function writeAbove(typing: Interface, screen: WriteStream, write: () => void): void {
  moveCursor(screen, 0, -typing.getCursorPos().rows)
  cursorTo(screen, 0)
  clearScreenDown(screen)
  write()
  // Otherwise the prompt would move up by the rows of the input, over the new output.
  Object.assign(typing, { prevRows: 0 })
  typing.prompt(true)
}
