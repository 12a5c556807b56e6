import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

/** Only texts for people have two words with a space between; keys, verbs and codes have none. */
const twoWords = /\p{L}[,;:']? \p{L}/u

const textsIn = ({ type, value, quasis }) => {
  if (type === 'StringLiteral') return [value]
  return type === 'TemplateLiteral' ? quasis.map((quasi) => quasi.value.raw) : []
}

/** Tests check the code and the field of an error, not its text, so mutants of texts are ignored. */
const humanText = {
  shouldIgnore: ({ node }) => (textsIn(node).some((text) => twoWords.test(text)) ? 'text for people' : undefined),
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'human-text', humanText)]
