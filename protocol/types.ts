/*
 * The types of all frames. Times are RFC 3339 in UTC with milliseconds, positions are integers. `npm run contract`
 * makes these files from the schemas.
 */
export type * from './types/errors.ts'
export type * from './types/pushes.ts'
export type * from './types/replies.ts'
export type * from './types/requests.ts'
export type * from './types/values.ts'
