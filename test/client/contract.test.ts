import { emoticons, errorCodes } from '../../client/index.ts'
import { emoticons as served } from '../../lambdas/protocol/frames/messages.ts'
import { typeErrors } from '../support/type-errors.ts'

const types = 'test/client/accepted-types.ts'

describe('the words of the client', () => {
  it('are those of the server', () => {
    expect(Object.keys(emoticons)).toEqual([...served])
    expect(new Set(errorCodes).size).toBe(errorCodes.length)
  })

  it('are compared by the compiler', async () => {
    const taken = { from: 'client.RoomUpdate>', to: 'client.RoomUpdate>' }
    expect(await typeErrors(types, taken)).toEqual([])
    const refused = { from: 'client.RoomUpdate>', to: "Omit<client.RoomUpdate, 'roomId'>>" }
    expect(await typeErrors(types, refused)).toEqual([expect.stringContaining('TS2322')])
    const less = { from: 'Same<client.ErrorCode, ', to: "Same<Exclude<client.ErrorCode, 'conflict'>, " }
    expect(await typeErrors(types, less)).toEqual([expect.stringContaining('TS2322')])
  })
})
