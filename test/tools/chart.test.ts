import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Chart, svgOf } from '../../tools/bench/chart/chart.ts'
import { shown } from '../../tools/bench/chart/numbers.ts'
import { colors } from '../../tools/bench/chart/theme.ts'
import { boxesOf, overlappingTexts, parseSvg, textOf, unclosed } from './svg.ts'

const bars: Chart = {
  kind: 'bars',
  title: 'Posts per processor-second, "warm" & <fast>',
  description: 'The signed post is between the SDK and the floor.',
  unit: 'posts/s',
  series: ['ours', 'SDK client <used well>', 'a series with a name that is much longer than usual '.repeat(3)],
  groups: [
    { label: 'no latency & all', values: [18_850, 1_670, 35_250.4] },
    {
      label: 'a label with a long description of a measurement '.repeat(4),
      values: [0, undefined, 0.00123],
    },
    { label: 'x'.repeat(300), values: [Number.NaN, 12, 7] },
  ],
}

const lines: Chart = {
  kind: 'lines',
  title: 'Cost of a message',
  description: 'It grows with the room.',
  x: { label: 'connections', scale: 'log' },
  y: { label: 'milliseconds', scale: 'log' },
  series: [
    { name: 'first delivery', points: [[2, 3.1], [20, 3.2], [100_000, 4.5]] },
    { name: 'last <delivery>', points: [[2, 3.3], [20, 9.9], [100_000, 9_120]] },
  ],
} // biome-ignore format: points are read in one line

const flat: Chart = { ...lines, x: { label: 'n', scale: 'linear' }, y: { label: 'units', scale: 'linear' } }
const single: Chart = { ...flat, series: [{ name: 'one point', points: [[5, 0]] }] }

const charts: [name: string, chart: Chart][] = [
  ['bars', bars],
  ['bars without groups', { ...bars, groups: [], series: [] }],
  ['lines over logarithmic axes', lines],
  ['lines over linear axes', flat],
  ['a single point', single],
  ['lines without points', { ...lines, series: [{ name: 'empty', points: [] }] }],
  [
    'points without a position',
    {
      ...lines,
      series: [
        {
          name: 'zero',
          points: [
            [1, 0],
            [10, 5],
            [20, Number.NaN],
          ],
        },
      ],
    },
  ],
]

describe('a chart', () => {
  test.each(charts)('is well-formed XML: %s', (_name, chart) => {
    expect(unclosed(svgOf(chart))).toEqual([])
  })

  test.each(charts)('keeps everything inside its view box: %s', (_name, chart) => {
    const svg = parseSvg(svgOf(chart))
    const [, , width = 0, height = 0] = svg.getAttribute('viewBox')?.split(' ').map(Number) ?? []
    const boxes = boxesOf(svg)
    expect(boxes.length).toBeGreaterThan(1)
    for (const box of boxes) {
      expect(box.left).toBeGreaterThanOrEqual(0)
      expect(box.top).toBeGreaterThanOrEqual(0)
      expect(box.right).toBeLessThanOrEqual(width)
      expect(box.bottom).toBeLessThanOrEqual(height)
    }
  })

  test('prints the value of every bar, and a dash for a missing value', () => {
    const found = textsOf(svgOf(bars))
    for (const value of bars.kind === 'bars' ? bars.groups.flatMap(({ values }) => values) : []) {
      const known = value !== undefined && Number.isFinite(value)
      expect(found).toContain(known ? `${shown(value)} posts/s` : '–')
    }
  })

  test('draws bars in proportion to their values', () => {
    const rectangles = [...parseSvg(svgOf(bars)).querySelectorAll('g[aria-label="rect"] rect')]
    const lengths = rectangles.map((bar) => Number(bar.getAttribute('width')))
    const [signed = 0, sdk = 0, floor = 0] = lengths
    expect(lengths).toHaveLength(9)
    expect(floor).toBeGreaterThan(500)
    expect(signed / floor).toBeCloseTo(18_850 / 35_250.4, 2)
    expect(sdk / floor).toBeCloseTo(1_670 / 35_250.4, 2)
  })

  test('keeps the whole of a text that it cuts short', () => {
    const svg = parseSvg(svgOf(bars))
    const whole = [...svg.querySelectorAll('text title')].map((title) => title.textContent)
    const cut = [bars.series[2], ...(bars.kind === 'bars' ? bars.groups.slice(1).map(({ label }) => label) : [])]
    expect(whole).toEqual(cut)
  })

  test('has the value of every point as a tooltip', () => {
    expect(tooltipsOf(svgOf(lines))).toEqual([
      'first delivery: 3.1 at 2',
      'first delivery: 3.2 at 20',
      'first delivery: 4.5 at 100,000',
      'last <delivery>: 3.3 at 2',
      'last <delivery>: 9.9 at 20',
      'last <delivery>: 9,120 at 100,000',
    ])
  })

  test('names each line in the legend', () => {
    expect(textsOf(svgOf(lines))).toEqual(expect.arrayContaining(['first delivery', 'last <delivery>']))
  })

  test('names both axes and the values on them', () => {
    const found = textsOf(svgOf(lines))
    expect(found).toEqual(expect.arrayContaining(['connections', 'milliseconds', '2', '20', '100,000', '10', '10,000']))
  })

  test('draws powers of ten at equal distances on a logarithmic axis', () => {
    const y = (text: string) => {
      const labels = [...parseSvg(svgOf(lines)).querySelectorAll('g[aria-label="y-axis tick label"] text')]
      const label = labels.find((each) => textOf(each) === text)
      return Number(/,([\d.]+)\)/.exec(label?.getAttribute('transform') ?? '')?.[1])
    }
    expect(y('10') - y('100')).toBeCloseTo(y('1,000') - y('10,000'), 1)
    expect(y('10') - y('100')).toBeGreaterThan(20)
  })

  test('omits a point that has no position on its axis', () => {
    const svg = svgOf({ ...lines, series: [{ name: 'one', points: [[0, 3], [10, 0], [10, 5]] }] }) // biome-ignore format: points are read in one line
    expect(tooltipsOf(svg)).toEqual(['one: 5 at 10'])
    expect(svg).not.toContain('NaN')
  })

  test('omits the value of a point that another value would cover', () => {
    const crowded = Array.from({ length: 200 }, (_, at): [number, number] => [1000 + at, 1000])
    const values = textsOf(svgOf({ ...lines, series: [{ name: 'one', points: [...crowded, [2, 5]] }] }))
    expect(values.filter((text) => text === '1,000').length).toBeLessThan(5)
    expect(values).toContain('5')
  })

  test('escapes its texts', () => {
    const svg = svgOf(bars)
    expect(svg).toContain('"warm" &amp; &lt;fast&gt;')
    expect(svg).not.toContain('<fast>')
    expect(svgOf({ ...bars, title: 'a\u0000b' })).toContain('>a b<')
  })

  test('has a title and a description for readers who cannot see it', () => {
    const svg = parseSvg(svgOf(lines))
    expect(svg.getAttribute('role')).toBe('img')
    expect(svg.getAttribute('aria-labelledby')).toBe('title description')
    expect(svg.querySelector('title#title')?.textContent).toBe('Cost of a message')
    expect(svg.querySelector('desc#description')?.textContent).toBe('It grows with the room.')
  })

  test('is an SVG file', () => {
    expect(svgOf(bars)).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>\n[\s\S]*<\/svg>\n$/)
  })

  test('is legible on a light and on a dark background', () => {
    for (const mode of ['light', 'dark'] as const) {
      expect(contrast(colors.text[mode], colors.background[mode])).toBeGreaterThan(7)
      for (const color of colors[mode]) expect(contrast(color, colors.background[mode])).toBeGreaterThan(4.5)
    }
  })

  test.each([bars, lines])('replaces each of its colours on a dark background', (chart) => {
    const svg = svgOf(chart)
    const [, dark = ''] = /@media \(prefers-color-scheme:dark\)\{(.*?)\}<\/style>/.exec(svg) ?? []
    const used = [...svg.matchAll(/ (fill|stroke)="(#\w+)"/g)].map(
      ([, attribute, color]) => `[${attribute}="${color}"]{`,
    )
    expect(used.length).toBeGreaterThan(2)
    for (const rule of used) expect(dark).toContain(rule)
    expect(dark).toContain(`svg{color:${colors.text.dark}}`)
  })

  test('is the same each time it is drawn', () => {
    for (const [, chart] of charts) expect(svgOf(chart)).toBe(svgOf(chart))
  })
})

describe('the charts of the README', () => {
  const folder = join('tools', 'bench')
  const files = readdirSync(join(folder, 'charts'))

  test('are all shown there, under their titles', () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8')
    const shownThere = [...readme.matchAll(/!\[(.*?)\]\(charts\/(.*?)\)/g)].map(([, title, file]) => [file, title])
    const titles = files.map((file) => [
      file,
      parseSvg(readFileSync(join(folder, 'charts', file), 'utf8')).querySelector('title')?.textContent,
    ])
    expect(titles.length).toBeGreaterThan(10)
    expect(shownThere.sort()).toEqual(titles.sort())
  })

  test.each(files)('%s has a legible text and a drawing', (file) => {
    const svg = readFileSync(join(folder, 'charts', file), 'utf8')
    expect(unclosed(svg)).toEqual([])
    expect(overlappingTexts(parseSvg(svg))).toEqual([])
  })
})

const textsOf = (svg: string) => [...parseSvg(svg).querySelectorAll('text')].map(textOf)

const tooltipsOf = (svg: string) => [...parseSvg(svg).querySelectorAll('path title')].map((title) => title.textContent)

/** The contrast ratio of the Web Content Accessibility Guidelines. */
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
