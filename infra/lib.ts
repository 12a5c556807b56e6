/** The exports of the package: a chat as a construct, for any CDK app. */

export { PersistentChat, type PersistentChatProps } from './chat.ts'
export type { AcceptedTokens, ChatSettings } from './settings.ts'
export type { ChatTables } from './tables.ts'
