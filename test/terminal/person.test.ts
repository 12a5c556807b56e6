import { PassThrough } from 'node:stream'
import { confirm, personAt } from '../../terminal/command/person.ts'
import { answering } from './answering.ts'

function someone(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined })
  const screen = new PassThrough({ encoding: 'utf8' })
  return { input, person: personAt(input, screen), shown: () => String(screen.read() ?? '') }
}

test('a question is shown at a terminal, and its answer as well unless it is secret', async () => {
  const { input, person, shown } = someone(true)
  const asked = person.ask('Name: ')
  input.write('alice\r')
  expect(await asked).toBe('alice')
  expect(shown()).toMatch(/^Name: .*alice/s)
  const hidden = person.askSecretly('Password: ')
  input.write('correct horse\r')
  expect(await hidden).toBe('correct horse')
  expect(shown()).toMatch(/^Password: \n$/)
  person.leave()
})

test('the lines of a pipe are answers, one after another, and no question is shown', async () => {
  const { input, person, shown } = someone(false)
  input.end('one\ntwo\n')
  expect(await person.askSecretly('First: ')).toBe('one')
  expect(await person.ask('Second: ')).toBe('two')
  expect(await person.ask('Third: ')).toBeUndefined()
  expect(shown()).toBe('')
})

test('ctrl-C at a question stops the command with 130', async () => {
  const { input, person } = someone(true)
  const asked = person.askSecretly('Password: ')
  input.write('\u0003')
  await expect(asked).rejects.toMatchObject({ exitCode: 130, code: 'interrupted' })
})

test('a confirmation takes the very word, and --yes where nobody is', async () => {
  const what = { word: 'chat', what: 'A removal', yes: false }
  await expect(confirm(answering([' chat ']), what)).resolves.toBeUndefined()
  await expect(confirm(answering(['y']), what)).rejects.toThrow('Not confirmed; nothing was done.')
  await expect(confirm(answering(['chat'], false), what)).rejects.toThrow(
    'A removal needs --yes where nobody can be asked.',
  )
  await expect(confirm(answering([], false), { ...what, yes: true })).resolves.toBeUndefined()
})
