import { type Chart, drawn } from '../../tools/bench/chart/chart.ts'
import { shown } from '../../tools/bench/chart/numbers.ts'
import { colors, textSize, widthOf } from '../../tools/bench/chart/svg.ts'

const bars: Chart = {
  kind: 'bars',
  title: 'Posts per processor-second, "warm" & <fast>',
  description: 'The signed post stands between the SDK and the floor.',
  unit: 'posts/s',
  series: [
    'ours',
    'SDK client <used well>',
    'a series with a name that is much longer than anybody would write '.repeat(3),
  ],
  groups: [
    { label: 'no latency & all', values: [18_850, 1_670, 35_250.4] },
    {
      label: 'a label that says everything there is to say about a measurement '.repeat(4),
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
const still: Chart = { ...flat, series: [{ name: 'one point', points: [[5, 0]] }] }

const charts: [name: string, chart: Chart][] = [
  ['bars', bars],
  ['bars of nothing', { ...bars, groups: [], series: [] }],
  ['lines over logarithmic axes', lines],
  ['lines over linear axes', flat],
  ['a single point', still],
  ['lines of nothing', { ...lines, series: [{ name: 'nothing', points: [] }] }],
  [
    'a point that has no place',
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
  test.each(charts)('is well-formed: %s', (_name, chart) => {
    expect(unclosed(drawn(chart))).toEqual([])
  })

  test.each(charts)('keeps everything inside its view box: %s', (_name, chart) => {
    const svg = drawn(chart)
    const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? []
    const drawnBoxes = boxes(svg)
    expect(drawnBoxes.length).toBeGreaterThan(1)
    for (const box of drawnBoxes) {
      expect(box.left).toBeGreaterThanOrEqual(0)
      expect(box.top).toBeGreaterThanOrEqual(0)
      expect(box.right).toBeLessThanOrEqual(width)
      expect(box.bottom).toBeLessThanOrEqual(height)
    }
  })

  test('prints the value of every bar, and a dash where there is none', () => {
    const said = texts(drawn(bars))
    for (const value of bars.kind === 'bars' ? bars.groups.flatMap(({ values }) => values) : []) {
      const known = value !== undefined && Number.isFinite(value)
      expect(said).toContain(known ? `${shown(value)} posts/s` : '–')
    }
  })

  test('makes bars as long as their values are', () => {
    const lengths = [...drawn(bars).matchAll(/<rect class="f\d" x="20" y="[\d.]+" width="([\d.]+)" height="15"/g)].map(
      lengthOf,
    )
    const [signed = 0, sdk = 0, floor = 0] = lengths
    expect(lengths).toHaveLength(9)
    expect(signed / floor).toBeCloseTo(18_850 / 35_250.4, 2)
    expect(sdk / floor).toBeCloseTo(1_670 / 35_250.4, 2)
  })

  test('tells the value of every point to whoever asks', () => {
    const svg = drawn(lines)
    for (const told of ['first delivery: 3.1 at 2', 'last &lt;delivery&gt;: 9,120 at 100,000'])
      expect(svg).toContain(`<title>${told}</title>`)
    expect(svg.match(/<g><title>/g)).toHaveLength(6)
  })

  test('leaves out a point that has no place on its axis', () => {
    const svg = drawn({ ...lines, series: [{ name: 'one', points: [[0, 3], [10, 0], [10, 5]] }] }) // biome-ignore format: points are read in one line
    expect(svg.match(/<g><title>/g)).toHaveLength(1)
    expect(svg).not.toContain('NaN')
  })

  test('escapes what is said in it', () => {
    const svg = drawn(bars)
    expect(svg).toContain('&quot;warm&quot; &amp; &lt;fast&gt;')
    expect(svg).not.toContain('<fast>')
    expect(drawn({ ...bars, title: 'a\u0000b' })).toContain('>a b<')
  })

  test('has a title and a description for those who cannot see it', () => {
    const svg = drawn(lines)
    expect(svg).toContain('role="img" aria-labelledby="title description"')
    expect(svg).toContain('<title id="title">Cost of a message</title>')
    expect(svg).toContain('<desc id="description">It grows with the room.</desc>')
  })

  test('can be read on a light ground and on a dark one', () => {
    expect(drawn(bars)).toContain('@media (prefers-color-scheme:dark)')
    for (const mode of ['light', 'dark'] as const) {
      expect(contrast(colors.ink[mode], colors.ground[mode])).toBeGreaterThan(7)
      for (const color of colors[mode]) expect(contrast(color, colors.ground[mode])).toBeGreaterThan(4.5)
    }
  })

  test('is the same each time it is drawn', () => {
    for (const [, chart] of charts) expect(drawn(chart)).toBe(drawn(chart))
  })
})

const lengthOf = ([, digits]: RegExpMatchArray) => Number(digits)

/** Elements that are not closed in their order, and text that XML does not bear. */
function unclosed(xml: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z][\w-]*="[^"<&]*(?:&\w+;[^"<&]*)*")*)(\/?)>/g,
    (_all, end, name, _attributes, empty) => {
      if (end && open.pop() !== name) wrong.push(name)
      if (!end && !empty) open.push(name)
      return ''
    },
  )
  if (/[<]|&(?!(amp|lt|gt|quot);)/.test(rest)) wrong.push(rest)
  return [...wrong, ...open]
}

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

const plain = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, said = '']) => plain(said))

function boxes(svg: string): Box[] {
  const attribute = (tag: string, name: string) =>
    Number(new RegExp(` ${name}="([-\\d.]+)"`).exec(tag)?.[1] ?? Number.NaN)
  const found: Box[] = []
  for (const [tag, content = ''] of svg.matchAll(/<text[^>]*>([^<]*)/g)) {
    const size = tag.includes('class="title"') ? 16 : textSize
    const [x, y, wide] = [attribute(tag, 'x'), attribute(tag, 'y'), widthOf(plain(content), size)]
    const before = tag.includes('"middle"') ? wide / 2 : tag.includes('"end"') ? wide : 0
    found.push({ left: x - before, right: x - before + wide, top: y - size, bottom: y + 4 })
  }
  for (const [tag] of svg.matchAll(/<rect[^>]*>/g)) {
    const [left, top] = [attribute(tag, 'x'), attribute(tag, 'y')]
    found.push({ left, top, right: left + attribute(tag, 'width'), bottom: top + attribute(tag, 'height') })
  }
  for (const [tag] of svg.matchAll(/<circle[^>]*>/g)) {
    const [x, y, r] = [attribute(tag, 'cx'), attribute(tag, 'cy'), attribute(tag, 'r')]
    found.push({ left: x - r, right: x + r, top: y - r, bottom: y + r })
  }
  for (const [, list = ''] of svg.matchAll(/<polyline[^>]* points="([^"]*)"/g)) {
    for (const point of list.split(' ')) {
      const [x = Number.NaN, y = Number.NaN] = point.split(',').map(Number)
      found.push({ left: x, right: x, top: y, bottom: y })
    }
  }
  return found
}

/** As the guidelines for accessible content count it. */
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
