import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chatCommands, chatPage } from '../../local/chat.ts'

const url = 'ws://127.0.0.1:3000/chat'

test('the commands connect two users to the run and create the room', () => {
  expect(chatCommands(url)).toEqual([
    `npm run --silent chat -- --url ${url} --user alice --room Lobby --create`,
    `npm run --silent chat -- --url ${url} --user bob --room Lobby --create`,
  ])
})

test('the page finds the URL and the tokens of the run in its configuration', () => {
  const { folder, documents } = chatPage('/project')
  expect(folder).toBe('/project/page/dist')
  expect(documents({ url, origin: 'http://127.0.0.1:3000' })).toEqual({ '/config.json': { url, tokens: '/token' } })
})

test('only local/chat.ts and local/main.ts mention the chat', () => {
  const files = readdirSync('local', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const mentioning = files.filter((name) => /chat/i.test(readFileSync(join('local', name), 'utf8')))
  expect(mentioning.sort()).toEqual(['chat.ts', 'main.ts'])
})
