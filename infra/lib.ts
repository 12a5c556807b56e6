/** The exports of the package: a chat as a construct, for any CDK app. */

export { PersistentChat, type PersistentChatProps } from './chat.ts'
export type { ChatMetric } from './metric.ts'
export type { AlarmActions } from './monitoring/alarms.ts'
export type { ChatDomain, ExistingTables, FunctionDefaults, ResourceSettings } from './resource-settings.ts'
export type { ChatSettings } from './settings.ts'
export type { ChatTables } from './tables.ts'
export type { AcceptedTokens, NamedIssuer, OtherIssuers } from './token-settings.ts'
