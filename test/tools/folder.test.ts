import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const tsx = createRequire(import.meta.url).resolve('tsx')

test.each(['price/cost', 'price/capacity', 'price/watch', 'scale/main'])(
  '%s finds its counts from any folder',
  async (name) => {
    const program = resolve('tools', `${name}.ts`)
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, program, '--json'], {
      cwd: tmpdir(),
    })
    expect(Object.keys(JSON.parse(stdout)).length).toBeGreaterThan(1)
  },
)
