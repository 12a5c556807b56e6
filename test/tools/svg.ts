import { parseHTML } from 'linkedom'
import { widthOf } from '../../tools/bench/chart/labels.ts'

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** The part of the DOM that is used here. */
export interface SvgElement {
  readonly localName: string
  readonly textContent: string
  readonly parentElement: SvgElement | null
  getAttribute(name: string): string | null
  hasAttribute(name: string): boolean
  querySelector(selector: string): SvgElement | null
  querySelectorAll(selector: string): Iterable<SvgElement>
}

export const parseSvg = (svg: string): SvgElement => parseHTML(`<body>${svg}</body>`).document.querySelector('svg')

/** The text of an element without its tooltip. */
export const textOf = (element: SvgElement): string => {
  const tooltip = element.querySelector('title')?.textContent ?? ''
  return element.textContent.slice(0, element.textContent.length - tooltip.length)
}

/** The boxes of all texts, with their widths as the charts estimate them, and of all shapes. */
export function boxesOf(svg: SvgElement): Box[] {
  return [...svg.querySelectorAll('text, rect, line, path')].flatMap((element) => {
    const [x, y] = originOf(element)
    if (element.localName === 'text') return linesOf(element).map((line) => textBox(element, x, y, line))
    return [pointsOf(element)].map((points) => {
      const [xs, ys] = [points.map(([px]) => x + px), points.map(([, py]) => y + py)]
      return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
    })
  })
}

/** Pairs of texts that cover each other. */
export function overlappingTexts(svg: SvgElement): string[] {
  const texts = [...svg.querySelectorAll('text')].flatMap((element) => {
    const [x, y] = originOf(element)
    return linesOf(element).map((line) => ({ content: line.content, box: textBox(element, x, y, line) }))
  })
  return texts.flatMap(({ content, box }, at) =>
    texts
      .slice(at + 1)
      .filter(
        ({ box: other }) =>
          box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom,
      )
      .map((other) => `${content} | ${other.content}`),
  )
}

/** Elements that are not closed in order, and text that XML does not allow. */
export function unclosed(xml: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z][\w-]*="[^"<&]*(?:&\w+;[^"<&]*)*")*) ?(\/?)>/g,
    (_all, end, name, _attributes, empty) => {
      if (end && open.pop() !== name) wrong.push(name)
      if (!end && !empty) open.push(name)
      return ''
    },
  )
  if (/[<]|&(?!(amp|lt|gt|quot);)/.test(rest)) wrong.push(rest)
  return [...wrong, ...open]
}

interface Line {
  content: string
  /** In ems below the origin. */
  baseline: number
}

function linesOf(element: SvgElement): Line[] {
  const rows = [...element.querySelectorAll('tspan')]
  const ems = (of: SvgElement, name: string) => Number.parseFloat(of.getAttribute(name) ?? '0')
  let baseline = ems(element, 'y')
  return (rows.length > 0 ? rows : [element])
    .map((row) => {
      baseline = row.hasAttribute('y') ? ems(row, 'y') : baseline + ems(row, 'dy')
      return { content: textOf(row), baseline }
    })
    .filter(({ content }) => content !== '')
}

function textBox(element: SvgElement, x: number, y: number, { content, baseline }: Line): Box {
  const size = Number(inherited(element, 'font-size'))
  const anchor = inherited(element, 'text-anchor')
  const width = widthOf(content, size)
  const left = x - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0)
  const bottom = y + baseline * size
  return { left, right: left + width, top: bottom - 0.8 * size, bottom: bottom + 0.2 * size }
}

function pointsOf(element: SvgElement): [x: number, y: number][] {
  const number = (name: string) => {
    const value = element.getAttribute(name) ?? '0'
    const whole = Number(element.parentElement?.getAttribute(name))
    return value.endsWith('%') ? (Number.parseFloat(value) / 100) * whole : Number(value)
  }
  if (element.localName === 'path') return pathPoints(element.getAttribute('d') ?? '')
  const [x, y] = [number('x'), number('y')]
  if (element.localName === 'rect')
    return [
      [x, y],
      [x + number('width'), y + number('height')],
    ]
  return [
    [number('x1'), number('y1')],
    [number('x2'), number('y2')],
  ]
}

/** Of curves the ends. The symbols of a chart are not wider than theirs. */
function pathPoints(path: string): [x: number, y: number][] {
  const points: [x: number, y: number][] = []
  for (const [, command = '', list = ''] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = (list.match(/-?[\d.]+/g) ?? []).map(Number)
    const [x = 0, y = 0] = points.at(-1) ?? []
    if (command === 'h') points.push([x + (numbers[0] ?? 0), y])
    else if (command === 'v') points.push([x, y + (numbers[0] ?? 0)])
    else if (command === 'M' || command === 'L' || command === 'A') {
      const step = command === 'A' ? 7 : 2
      for (let at = step; at <= numbers.length; at += step) points.push([numbers[at - 2] ?? 0, numbers[at - 1] ?? 0])
    } else if (command !== 'Z') throw new Error(`A path has the command ${command}, which is not read here.`)
  }
  return points
}

function originOf(element: SvgElement): [x: number, y: number] {
  let [x, y] = [0, 0]
  for (let at: SvgElement | null = element; at; at = at.parentElement) {
    const [, dx = '0', dy = '0'] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(at.getAttribute('transform') ?? '') ?? []
    x += Number(dx)
    y += Number(dy)
  }
  return [x, y]
}

function inherited(element: SvgElement, name: string): string | null {
  for (let at: SvgElement | null = element; at; at = at.parentElement) {
    if (at.hasAttribute(name)) return at.getAttribute(name)
  }
  return null
}
