import { emoticons, errorCodes } from '../../client/index.ts'
import type { Reason } from '../../lambdas/domain/errors.ts'
import { emoticons as served } from '../../lambdas/protocol/frames/messages.ts'
import { errors } from '../../lambdas/protocol/replies/errors.ts'

/** The schema has each reason of the domain, and none besides: else this does not compile. */
const schemas: Record<Reason | 'internal', object> = errors
const reasons: readonly (Reason | 'internal')[] = Object.keys(errors) as (keyof typeof errors)[]

describe('the words of the client', () => {
  it('are those of the server', () => {
    expect(Object.keys(emoticons)).toEqual([...served])
    expect([...errorCodes].sort()).toEqual([...reasons].sort())
    expect(Object.keys(schemas)).toEqual(reasons)
  })
})
