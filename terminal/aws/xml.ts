/** The replies that are read here have no attributes, no CDATA, and no element inside another of its name except `member`. */

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex: string, decimal: string, name: string) => {
    if (hex || decimal) return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal))
    return entities[name] ?? whole
  })

/** The text of the first element of this name. */
export function textIn(xml: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return inner === undefined ? undefined : unescaped(inner)
}

/** The innermost elements named `member`, as XML. */
export const membersIn = (xml: string): string[] =>
  [...xml.matchAll(/<member>((?:(?!<\/?member>)[\s\S])*)<\/member>/g)].map(([, inner = '']) => inner)
