import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { type Bars, barPlot } from './bars.ts'
import { type Lines, linePlot } from './lines.ts'
import { colors, style, textSize, width } from './theme.ts'

export type Chart = Bars | Lines

/** The part of the DOM that is used here. The types of the whole are for programs in a browser. */
interface SvgElement {
  textContent: string
  readonly outerHTML: string
  getAttribute(name: string): string | null
  remove(): void
  setAttribute(name: string, value: string): void
  prepend(...elements: SvgElement[]): void
  querySelectorAll(selector: string): Iterable<SvgElement>
}

/** An SVG file for light and dark backgrounds, with its title and description as text for screen readers. */
export function svgOf(chart: Chart): string {
  const { document } = parseHTML('<!doctype html><html></html>')
  const options = chart.kind === 'bars' ? barPlot(chart) : linePlot(chart)
  const svg: SvgElement = Plot.plot({ ...options, document, width, className: 'chart', figure: false })
  const head = (name: string, attributes: Record<string, string>, text = '') => {
    const element: SvgElement = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    element.textContent = text
    return element
  }
  // Plot's own style is for pages.
  for (const own of svg.querySelectorAll('style')) own.remove()
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-labelledby', 'title description')
  svg.setAttribute('font-size', String(textSize))
  svg.prepend(
    head('title', { id: 'title' }, chart.title),
    head('desc', { id: 'description' }, chart.description),
    head('style', {}, style),
    head('rect', { width: '100%', height: '100%', fill: colors.background.light }),
  )
  for (const element of [svg, ...svg.querySelectorAll('*')]) roundCoordinates(element)
  return `${inXml(svg.outerHTML).replace(/(?<=>)(?=<(?:g|text|path|rect|title|desc|style|\/svg)\b)/g, '\n')}\n`
}

const coordinates = ['transform', 'd', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'width', 'height']

/** Two digits behind the point suffice for the eye, and do not depend on how a machine computes logarithms. */
function roundCoordinates(element: SvgElement): void {
  for (const name of coordinates) {
    const value = element.getAttribute(name)
    if (value?.includes('.'))
      element.setAttribute(
        name,
        value.replace(/\d+\.\d+/g, (digits) => String(Number(Number(digits).toFixed(2)))),
      )
  }
}

/** XML has no way to write these characters. */
const inXml = (text: string) => text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ' ')
