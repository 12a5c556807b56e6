interface Common {
  meaning: string
}

/** `absent` describes the effect if an option without a default is not given. */
type WithoutDefault =
  | { default?: undefined; required?: undefined; absent: string }
  | { default?: undefined; required: true }

type Valued<Value> = (WithoutDefault | { default: Value }) & Common

export type NumberOption = Valued<number> & { kind: 'number'; least?: number; most?: number; whole?: boolean }
/** `schemes` lists the allowed schemes: `['wss:']`. */
export type UrlOption = Valued<string> & { kind: 'url'; schemes: readonly string[] }
/** A time in RFC 3339, or a day, which means its beginning in UTC. The value is RFC 3339 in UTC. */
export type TimeOption = Valued<string> & { kind: 'time' }
export type TextOption = Valued<string> & { kind: 'text'; shown: string }
export type ChoiceOption = Common & { kind: 'choice'; choices: readonly string[]; default: string }
export type FlagOption = Common & { kind: 'flag' }

/** One option of a command: `--users 1000`. */
export type Option = NumberOption | UrlOption | TimeOption | TextOption | ChoiceOption | FlagOption

export type Options = Readonly<Record<string, Option>>

type ValueOf<Of extends Option> = Of extends { kind: 'flag' }
  ? boolean
  : Of extends { kind: 'number' }
    ? number
    : Of extends { kind: 'choice'; choices: readonly (infer Choice)[] }
      ? Choice
      : string

/** The value of each option; undefined for an option without a default that was not given. */
export type Values<Of extends Options> = {
  readonly [Name in keyof Of]: Of[Name] extends { absent: string } ? ValueOf<Of[Name]> | undefined : ValueOf<Of[Name]>
}

/** The option of every command whose output programs can read. */
export const json = {
  kind: 'flag',
  meaning: 'for programs: JSON on standard output, and errors as JSON lines on standard error',
} as const satisfies Option
