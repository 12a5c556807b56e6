import { rename, writeFile } from 'node:fs/promises'
import type { Command } from '../../terminal/command/command.ts'
import { exitCodes } from '../../terminal/command/failure.ts'
import { json, type Options } from '../../terminal/command/options.ts'
import { start } from '../../terminal/command/start.ts'
import { testTokens } from './test-tokens.ts'

const options = {
  file: { kind: 'text', shown: 'file', default: 'tokens.json', meaning: 'where the tokens go' },
  json,
} as const satisfies Options

const command: Command<typeof options> = {
  name: 'test:tokens',
  about:
    'Makes tokens for the people of the end-to-end tests, valid for a day, and prints the settings of a deployment that accepts them.',
  options,
  notes: ['Whoever has the file can act as an administrator of that deployment: use one that holds nothing else.'],
  examples: ['npm run --silent test:tokens', 'npm run deploy -- --stack chat-test $(npm run --silent test:tokens)'],
  async run({ values, output }) {
    const { settings, tokens } = await testTokens(Date.now())
    // A file that exists would keep its mode.
    await writeFile(`${values.file}.new`, JSON.stringify(tokens), { mode: 0o600, flag: 'wx' })
    await rename(`${values.file}.new`, values.file)
    // One word for each setting, which a shell takes from `$(…)` as it is.
    const words = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
    await (output.isJson ? output.printJson(settings) : output.print(words.join(' ')))
    return exitCodes.done
  },
}

await start(command)
