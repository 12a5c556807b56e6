import { ConnectionError } from '../../client/index.ts'

/** Another try may be answered otherwise. */
const passes = (status: number) => status >= 500 || status === 408 || status === 429

/**
 * The text that an address answers. Rejects with a ConnectionError: `unreachable` where another try may help, else
 * `unauthorized` with the words that `refusal` finds.
 */
export async function textFrom(
  address: string,
  refusal: (text: string, status: number) => string,
  options: RequestInit = {},
): Promise<string> {
  const { ok, status, text } = await answerOf(address, options)
  if (ok) return text
  if (passes(status)) throw new ConnectionError(`The sign-in answered ${status}.`, 'unreachable')
  throw new ConnectionError(refusal(text, status), 'unauthorized')
}

/** As `textFrom`. A text that is no JSON is from a proxy on the way, and may pass. */
export async function jsonFrom<Value>(...asked: Parameters<typeof textFrom>): Promise<Value> {
  const text = await textFrom(...asked)
  try {
    const value: Value = JSON.parse(text)
    return value
  } catch (cause) {
    throw new ConnectionError('The sign-in answered something else than JSON.', 'unreachable', { cause })
  }
}

async function answerOf(address: string, options: RequestInit) {
  try {
    const response = await fetch(address, options)
    return { ok: response.ok, status: response.status, text: await response.text() }
  } catch (cause) {
    throw new ConnectionError('The sign-in was not reached.', 'unreachable', { cause })
  }
}
