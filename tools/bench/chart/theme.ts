/** Charts are as wide as the README shows them. */
export const width = 720
export const margin = 20
export const textSize = 13
export const titleSize = 16
export const lineHeight = 18

/** Six colours that colour-blind readers can distinguish, on a light and on a dark background; further series repeat them. */
export const colors = {
  light: ['#0072b2', '#c44e00', '#00805c', '#9b3f86', '#7a6200', '#4d4d4d'],
  dark: ['#56b4e9', '#f28e2b', '#2bc79a', '#e58fc9', '#f0e442', '#c8c8c8'],
  background: { light: '#ffffff', dark: '#0d1117' },
  text: { light: '#1f2328', dark: '#e6edf3' },
}

export const colorOf = (series: number): string => colors.light[series % colors.light.length] ?? ''

const replacement = (light: string, dark: string) =>
  `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`

/** The elements have the light colours as attributes; readers with a dark screen get the dark ones by these rules. */
export const style = `svg{color:${colors.text.light}}@media (prefers-color-scheme:dark){${[
  `svg{color:${colors.text.dark}}`,
  replacement(colors.background.light, colors.background.dark),
  ...colors.light.map((light, at) => replacement(light, colors.dark[at] ?? light)),
].join('')}}`
