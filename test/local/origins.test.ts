import { readOrigins } from '../../local/origins.ts'
import { readSettings } from '../../local/settings.ts'

describe('ORIGINS', () => {
  test('lists origins, with or without spaces', () => {
    expect(readOrigins('http://localhost:5173, https://chat.example.com,,http://[::1]:8080')).toEqual({
      listed: ['http://localhost:5173', 'https://chat.example.com', 'http://[::1]:8080'],
      thisMachine: false,
    })
  })

  test('may be empty or missing', () => {
    const none = { listed: [], thisMachine: false }
    expect(readOrigins(' , ')).toEqual(none)
    expect(readSettings({}).origins).toEqual(none)
  })

  test('means every page of this machine if it contains *', () => {
    expect(readOrigins('*')).toEqual({ listed: [], thisMachine: true })
    expect(readOrigins('http://localhost:5173,*').thisMachine).toBe(true)
  })

  test.each([
    ['localhost:5173', 'ORIGINS holds "localhost:5173", which is not an origin such as http://localhost:5173.'],
    ['http://localhost:5173/', 'is not an origin such as http://localhost:5173.'],
    ['http://localhost:5173/chat?a=1', 'is not an origin such as http://localhost:5173.'],
    ['http://me@localhost:8080', 'is not an origin such as http://localhost:8080.'],
    ['HTTP://LocalHost:80', 'is not an origin such as http://localhost.'],
    ['http://localhost:99999', 'is not an origin'],
    ['tauri://localhost', 'is not an origin'],
    ['null', 'is not an origin'],
    ['http://localhost:*', 'or * alone for every page of this machine'],
    ['https://*.example.com', 'or * alone for every page of this machine'],
    ['http://localhost:1 http://localhost:2', 'is not an origin'],
    ['*,https://chat.example.com', 'ORIGINS holds * and https://chat.example.com'],
  ])('may not be %s; the error is one line that names it', (source, sentence) => {
    expect(() => readOrigins(source)).toThrow(sentence)
    expect(() => readOrigins(source)).toThrow(/^ORIGINS holds [^\n]+\.$/)
  })
})

describe('readSettings', () => {
  test('treats an empty variable like a missing one', () => {
    const empty = { APP: '', PORT: '', ORIGINS: '', DATA: '', DYNAMODB_ENDPOINT: '', FAULTS: '', SEED: '', LOG: '' }
    expect(readSettings(empty)).toEqual(readSettings({}))
    expect(readSettings({})).toMatchObject({ port: 3000, seed: 1, verbose: false, context: {} })
    expect(readSettings({ CONTEXT: 'roomsPerDay=3,epoch=2' }).context).toEqual({ roomsPerDay: '3', epoch: '2' })
  })

  test.each(['abc', '99999', '-1', '3000.5', '0x10', '1e3', ' 80'])(
    'refuses %p as PORT and names the variable',
    (PORT) => {
      expect(() => readSettings({ PORT })).toThrow(/^PORT must be a whole number from 0 to 65535; it is "[^\n]*"\.$/)
    },
  )

  test('refuses invalid values of SEED and DYNAMODB_ENDPOINT and names the variable', () => {
    expect(() => readSettings({ CONTEXT: 'roomsPerDay' })).toThrow(/^CONTEXT must be pairs such as/)
    expect(() => readSettings({ SEED: 'x' })).toThrow(/^SEED must be/)
    expect(() => readSettings({ DYNAMODB_ENDPOINT: 'localhost:8000' })).toThrow(/^DYNAMODB_ENDPOINT must be/)
  })
})
