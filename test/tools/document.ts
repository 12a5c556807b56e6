import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../terminal/command/parse.ts'
import { capacityOf, capacityOptions, capacityText } from '../../tools/price/capacity-report.ts'
import { costOf, costText } from '../../tools/price/cost-report.ts'
import { readCounts } from '../../tools/price/counts.ts'
import { watchingCost, watchingOptions, watchingText } from '../../tools/price/watching-report.ts'
import { workloadOptions } from '../../tools/price/workload.ts'
import { scaleOf, scaleOptions, scaleText } from '../../tools/scale/report.ts'

/** Documents that show what commands print. */
export const documents = ['cost.md', 'scale.md'].map((name) => join('docs', name))

export const readDocument = (file: string): string => readFileSync(file, 'utf8')
export const writeDocument = (file: string, text: string): void => writeFileSync(file, text)

const commands: { [name: string]: (argv: readonly string[]) => Promise<string> | string } = {
  cost: (argv) => costText(costOf(readCounts(), parse(workloadOptions, argv))),
  capacity: (argv) => capacityText(capacityOf(readCounts(), parse(capacityOptions, argv))),
  watching: (argv) => watchingText(watchingCost(readCounts(), parse(watchingOptions, argv))),
  scale: async (argv) => scaleText(await scaleOf(readCounts(), parse(scaleOptions, argv))),
}

const block = /^```text\n\$ npm run --silent (cost|capacity|watching|scale) --(.*)\n([\s\S]*?)^```$/gm

/** The text with the present output in each block that begins with `$ npm run …`, as many paragraphs as the block had. */
export async function withOutputs(text: string): Promise<string> {
  const outputs: string[] = []
  for (const [, name = '', words = '', shown = ''] of text.matchAll(block)) {
    const argv = words.split(' ').filter((word) => word !== '')
    const paragraphs = ((await commands[name]?.(argv)) ?? '').split('\n\n')
    const kept = shown.trimEnd() === '' ? 2 : shown.trimEnd().split('\n\n').length
    outputs.push(`\`\`\`text\n$ npm run --silent ${name} --${words}\n${paragraphs.slice(0, kept).join('\n\n')}\n\`\`\``)
  }
  return text.replace(block, () => outputs.shift() ?? '')
}
