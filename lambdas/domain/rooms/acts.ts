import type { Category } from '../access/categories.ts'
import { linesOf } from '../record/lines.ts'
import type { RecordEvent, RecordKind } from '../record/record.ts'
import type { Room } from '../room.ts'

/*
 * The lines of acts on rooms and categories. A store writes them in the transaction of the act, so that the record has
 * every act, and none that was refused.
 */

type Details = Record<string, unknown>

export function roomCreated(room: Room): RecordEvent[] {
  const { name, description, categoryId, privacy, auditorium, invitations } = room
  const details = { name, description, categoryId, privacy, auditorium, invitations }
  return linesOf({ at: room.createdAt, event: 'created', by: room.createdBy, details })
}

/** One line for each kind of change, with the old and the new value of each setting. */
export function roomChanged(before: Room, after: Room): RecordEvent[] {
  const { name, categoryId, privacy, disabled, ...others } = changesOf(before, after, [
    'name',
    'categoryId',
    'privacy',
    'disabled',
    'description',
    'auditorium',
    'invitations',
  ])
  const line = (event: RecordKind, details: Details): RecordEvent => {
    return { at: after.updatedAt, event, by: after.updatedBy, details: { ...details, version: after.version } }
  }
  return [
    ...(name ? [line('renamed', { name })] : []),
    ...(privacy ? [line(after.privacy === 'open' ? 'opened' : 'closed', { privacy })] : []),
    ...(categoryId ? [line('moved', { from: before.categoryId, to: after.categoryId })] : []),
    ...(disabled ? [line(after.disabled ? 'disabled' : 'enabled', { disabled })] : []),
    ...(Object.keys(others).length > 0 ? [line('changed', others)] : []),
  ]
}

export const roomDeleted = ({ roomId, name, categoryId }: Room, by: string, at: number): RecordEvent[] => [
  { at, event: 'deleted', by, details: { roomId, name, categoryId } },
]

const lists = ['allowed', 'denied', 'creators'] as const

export function categoryCreated(category: Category): RecordEvent[] {
  const { categoryId, name, description, allowed, denied, creators, invitations, history, files } = category
  const details = { categoryId, name, description, invitations, history, files, allowed, denied, creators }
  return linesOf({ at: category.createdAt, event: 'categoryCreated', by: category.createdBy, details })
}

/** The lists have their differences, such as `deniedRemoved`. */
export function categoryChanged(before: Category, after: Category): RecordEvent[] {
  const settings = changesOf(before, after, ['name', 'description', 'invitations', 'history', 'files'])
  const without = (list: readonly string[], other: readonly string[]) => list.filter((each) => !other.includes(each))
  const listed = lists.flatMap((list): [string, string[]][] => [
    [`${list}Added`, without(after[list], before[list])],
    [`${list}Removed`, without(before[list], after[list])],
  ])
  const changed = Object.fromEntries(listed.filter(([, items]) => items.length > 0))
  const details = { categoryId: after.categoryId, version: after.version, ...settings, ...changed }
  return linesOf({ at: after.updatedAt, event: 'categoryChanged', by: after.updatedBy, details })
}

export const categoryDeleted = ({ categoryId, name }: Category, by: string, at: number): RecordEvent[] => [
  { at, event: 'categoryDeleted', by, details: { categoryId, name } },
]

/** The settings that differ, each with its old and its new value. */
export function changesOf<Thing, Setting extends keyof Thing & string>(
  before: Thing,
  after: Thing,
  settings: readonly Setting[],
): { [Name in Setting]?: { old: unknown; new: unknown } } {
  const changes: { [Name in Setting]?: { old: unknown; new: unknown } } = {}
  for (const setting of settings) {
    if (before[setting] !== after[setting]) changes[setting] = { old: before[setting], new: after[setting] }
  }
  return changes
}
