export interface Box {
  x: number
  y: number
  width: number
  height: number
}

const escaped = (value: string) => value.replace(/[<>&"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
export const rounded = (value: number) => String(Number(value.toFixed(1)))

export interface TextStyle {
  size?: number
  weight?: number
  anchor?: 'start' | 'end'
  fill?: string
}

export function text(x: number, y: number, content: string, { size, weight, anchor, fill }: TextStyle = {}): string {
  const attributes = [
    `x="${rounded(x)}" y="${rounded(y)}"`,
    ...(size ? [`font-size="${size}"`] : []),
    ...(weight ? [`font-weight="${weight}"`] : []),
    ...(anchor ? [`text-anchor="${anchor}"`] : []),
    ...(fill ? [`fill="${fill}"`] : []),
  ]
  return `<text ${attributes.join(' ')}>${escaped(content)}</text>`
}

export const rect = ({ x, y, width, height }: Box, fill: string): string =>
  `<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}" fill="${fill}"/>`

export const frame = ({ x, y, width, height }: Box): string =>
  `<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}" rx="4" fill="none" stroke="currentColor" stroke-opacity="0.2"/>`

export const line = (x1: number, y1: number, x2: number, y2: number, more = ''): string =>
  `<path d="M${rounded(x1)} ${rounded(y1)}L${rounded(x2)} ${rounded(y2)}" stroke="currentColor" ${more}/>`

/** Three digits are enough. */
export const figure = (value: number): string => {
  if (value === 0) return '0'
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}
