/** The value of an environment variable that every deployment sets. */
export function required(name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(`The environment variable ${name} is not set.`)
}
