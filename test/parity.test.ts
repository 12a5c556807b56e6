import { existsSync, readFileSync } from 'node:fs'

interface Row {
  number: number
  status: string
  how: string
  proofs: string[]
}

const rows: Row[] = readFileSync('docs/parity.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| *\d+ *\|/.test(line))
  .map((line) => {
    const [number = '', , status = '', how = '', proof = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
    return {
      number: Number(number),
      status,
      how,
      proofs: [...proof.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
    }
  })

/** A proof is the path of a test file below `test` and the title of a test in this file. */
function testExists(proof: string): boolean {
  const [, file = '', title = ''] = /^([\w/-]+): (.+)$/.exec(proof) ?? []
  const path = `test/${file}.test.ts`
  return title !== '' && existsSync(path) && readFileSync(path, 'utf8').includes(`'${title}'`)
}

describe('docs/parity.md', () => {
  it('lists every capability of the original once and in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 96 }, (_, at) => at + 1))
  })

  it('gives each capability one of three states, with an explanation', () => {
    for (const { number, status, how } of rows) {
      expect({ number, status }).toEqual({ number, status: expect.stringMatching(/^(works|differs|not applicable)$/) })
      expect(how.length).toBeGreaterThan(status === 'works' ? 4 : 20)
      expect(how).not.toMatch(/planned|later|soon to/i)
    }
  })

  it('names an existing test for every capability that works', () => {
    for (const { number, status, proofs } of rows) {
      if (status === 'works') expect({ number, proofs: proofs.length }).not.toEqual({ number, proofs: 0 })
      expect({ number, missing: proofs.filter((proof) => !testExists(proof)) }).toEqual({ number, missing: [] })
    }
  })
})
