import { ConnectionError } from '../../client/index.ts'

/** Whether another request may succeed. */
const isTemporary = (status: number) => status >= 500 || status === 408 || status === 429

/**
 * The text of a response. Rejects with a ConnectionError: `unreachable` if another try may help, otherwise
 * `unauthorized` with the message that `refusal` returns.
 */
export async function textFrom(
  address: string,
  refusal: (text: string, status: number) => string,
  options: RequestInit = {},
): Promise<string> {
  const { ok, status, text } = await fetchText(address, options)
  if (ok) return text
  if (isTemporary(status)) throw new ConnectionError(`The sign-in server answered ${status}.`, 'unreachable')
  throw new ConnectionError(refusal(text, status), 'unauthorized')
}

/** The JSON of a response, like `textFrom`. A text that is no JSON may come from a proxy, so another try may help. */
export async function jsonFrom<Value>(...args: Parameters<typeof textFrom>): Promise<Value> {
  const text = await textFrom(...args)
  try {
    const value: Value = JSON.parse(text)
    return value
  } catch (cause) {
    throw new ConnectionError('The sign-in server did not answer with JSON.', 'unreachable', { cause })
  }
}

async function fetchText(address: string, options: RequestInit) {
  try {
    const response = await fetch(address, options)
    return { ok: response.ok, status: response.status, text: await response.text() }
  } catch (cause) {
    throw new ConnectionError('The sign-in server cannot be reached.', 'unreachable', { cause })
  }
}
