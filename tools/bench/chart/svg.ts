/** Everything is drawn as wide as a README shows it. */
export const width = 720
export const margin = 20

/** So wide is a character of a plain typeface at the most, on average over a word, as a share of its size. */
const characterWidth = 0.6
export const textSize = 13
export const lineHeight = 18
const titleSize = 16

export const widthOf = (text: string, size = textSize): number => text.length * size * characterWidth

/** Six colours that people who see few of them can tell apart, on a light ground and on a dark one; more take turns. */
export const colors = {
  light: ['#0072b2', '#c44e00', '#00805c', '#9b3f86', '#7a6200', '#4d4d4d'],
  dark: ['#56b4e9', '#f28e2b', '#2bc79a', '#e58fc9', '#f0e442', '#c8c8c8'],
  ground: { light: '#ffffff', dark: '#0d1117' },
  ink: { light: '#1f2328', dark: '#e6edf3' },
}

const look = (mode: 'light' | 'dark') =>
  [
    `.ground{fill:${colors.ground[mode]}}`,
    `text{fill:${colors.ink[mode]}}`,
    `.value{paint-order:stroke;stroke:${colors.ground[mode]};stroke-width:3px}`,
    `.rule{stroke:${colors.ink[mode]};stroke-opacity:.2}`,
    ...colors[mode].map((color, at) => `.f${at}{fill:${color}}.s${at}{stroke:${color}}`),
  ].join('')

const style = `text{font:${textSize}px system-ui,sans-serif}.title{font-size:${titleSize}px;font-weight:600}.line{fill:none;stroke-width:2}`

const entities: { [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as XML bears it: what XML cannot say at all becomes a space. */
export const escaped = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, ' ').replace(/[&<>"]/g, (character) => entities[character] ?? '')

export type Anchor = 'start' | 'middle' | 'end'

export const textAt = (x: number, y: number, content: string, anchor: Anchor = 'start', kind = ''): string =>
  `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}"${kind && ` class="${kind}"`}>${escaped(content)}</text>`

export const fixed = (value: number): string => String(Math.round(value * 10) / 10)

/** Lines that are no wider than there is room; a word that is wider on its own is cut. */
export function wrapped(text: string, room: number, size = textSize): string[] {
  const most = Math.max(1, Math.floor(room / (size * characterWidth)))
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap((long) => long.match(new RegExp(`.{1,${most}}`, 'gu')) ?? [])) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** What stands below the heading: drawn from a height on, down to another. */
export type Drawing = (top: number) => { marks: string[]; bottom: number }

export interface Heading {
  title: string
  /** What there is to see, for those who cannot. */
  description: string
}

/** A whole file around a drawing. */
export function framed({ title, description }: Heading, draw: Drawing): string {
  const heads = wrapped(title, width - 2 * margin, titleSize)
  const lines = heads.map((line, at) => textAt(margin, margin + titleSize + at * 22, line, 'start', 'title'))
  const { marks, bottom } = draw(margin + titleSize + heads.length * 22 - 8)
  const height = Math.ceil(bottom + margin)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${style}${look('light')}@media (prefers-color-scheme:dark){${look('dark')}}</style>`,
    `<rect class="ground" x="0" y="0" width="${width}" height="${height}"/>`,
    ...lines,
    ...marks,
    '</svg>\n',
  ].join('\n')
}

export const colorAt = (at: number): number => at % colors.light.length
