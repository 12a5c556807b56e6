import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

/** Two words with a space between them are read by people; no key, verb or code is written so. */
const twoWords = /\p{L}[,;:']? \p{L}/u

const textsIn = ({ type, value, quasis }) => {
  if (type === 'StringLiteral') return [value]
  return type === 'TemplateLiteral' ? quasis.map((quasi) => quasi.value.raw) : []
}

/** What an error says to people may be said in other words: its code and its field are what tests hold on to. */
const humanText = {
  shouldIgnore: ({ node }) => (textsIn(node).some((text) => twoWords.test(text)) ? 'text for people' : undefined),
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'human-text', humanText)]
