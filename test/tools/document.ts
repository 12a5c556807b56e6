import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../terminal/command/parse.ts'
import { capacityOf, capacityOptions, capacityText } from '../../tools/price/capacity-report.ts'
import { costOf, costText } from '../../tools/price/cost-report.ts'
import { readCounts } from '../../tools/price/counts.ts'
import { workloadOptions } from '../../tools/price/workload.ts'

const file = join('docs', 'price.md')

export const readDocument = (): string => readFileSync(file, 'utf8')
export const writeDocument = (text: string): void => writeFileSync(file, text)

const commands: { [name: string]: (argv: readonly string[]) => string } = {
  cost: (argv) => costText(costOf(readCounts(), parse(workloadOptions, argv))),
  capacity: (argv) => capacityText(capacityOf(readCounts(), parse(capacityOptions, argv))),
}

/** The text with the present output in each block that begins with `$ npm run …`, as many paragraphs as the block had. */
export const withOutputs = (text: string): string =>
  text.replace(/^```text\n\$ npm run --silent (cost|capacity) --(.*)\n([\s\S]*?)^```$/gm, (_, name, words, shown) => {
    const argv = words.split(' ').filter((word: string) => word !== '')
    const paragraphs = commands[name]?.(argv).split('\n\n') ?? []
    const kept = shown.trimEnd() === '' ? 2 : shown.trimEnd().split('\n\n').length
    return `\`\`\`text\n$ npm run --silent ${name} --${words}\n${paragraphs.slice(0, kept).join('\n\n')}\n\`\`\``
  })
