import { emoticons, errorCodes } from '../../client/index.ts'
import type { ErrorCode } from '../../lambdas/domain/errors.ts'
import { emoticon } from '../../protocol/frames/messages.ts'
import { errors } from '../../protocol/replies/errors.ts'

/** Compiles only if the schemas have exactly the error codes of the domain. */
const all: Record<ErrorCode | 'internal', object> = errors
const codes: readonly (ErrorCode | 'internal')[] = Object.keys(all) as (keyof typeof errors)[]

describe('the emoticons and error codes of the client', () => {
  it('are those of the server', () => {
    expect(Object.keys(emoticons)).toEqual(emoticon.options)
    expect([...errorCodes].sort()).toEqual([...codes].sort())
  })
})
