import { compilerErrors } from './compiler.ts'

/** Former names of exported types, with the present ones. */
const names = {
  Draft: 'PendingMessage',
  Attendance: 'ParticipantEvent',
  Joined: 'JoinResult',
  Unsent: 'SendFailure',
  BrowseQuestion: 'BrowseQuery',
  HistoryQuestion: 'HistoryQuery',
  RoomsQuestion: 'RoomsQuery',
  RecordQuestion: 'RecordQuery',
  PreferenceQuestion: 'PreferenceQuery',
}

describe('a program that imports former names of types', () => {
  it('compiles, and each name means the same type as before', async () => {
    const all = [...Object.keys(names), ...Object.values(names)].join(', ')
    const checks = Object.entries(names).map(
      ([former, present]) => `export const as${former} = (value: ${present}): ${former} => value
export const from${former} = (value: ${former}): ${present} => value`,
    )
    const program = `import type { ${all} } from 'persistent-chat-client'\n${checks.join('\n')}`
    expect(await compilerErrors([program])).toBe('')
  })

  it('does not compile with a name that never existed', async () => {
    const errors = await compilerErrors(["import type { Drafts } from 'persistent-chat-client'"])
    expect(errors).toContain("no exported member named 'Drafts'")
  })
})
