/** The specifiers of the imports and exports of a source, without those in comments. */
export function importSpecifiers(source: string): string[] {
  const code = source.replace(/^\s*\/\/.*$|\/\*[\s\S]*?\*\//gm, '')
  const pattern = /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"\s]+)['"]|\bimport\s*\(?\s*['"]([^'"\s]+)['"]/g
  return [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '')
}
