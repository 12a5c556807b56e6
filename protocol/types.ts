/*
 * The frames of the wire as types. Times are RFC 3339 in UTC with milliseconds, positions are whole numbers. The files
 * below are made from the schemas by `npm run contract`.
 */
export type * from './types/errors.ts'
export type * from './types/pushes.ts'
export type * from './types/replies.ts'
export type * from './types/requests.ts'
export type * from './types/values.ts'
