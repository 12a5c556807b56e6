/**
 * An app is a program with a token of its own. Its id begins with `service:`. It joins and leaves without notice, and is
 * no participant.
 */
export const isApp = (user: string): boolean => user.startsWith('service:')

/** An app acts for many people, so its limits are this many times those of a person. */
const limitsOfApp = 10

/** How many times the limits of a person the user has. */
export const timesLimits = (user: string): number => (isApp(user) ? limitsOfApp : 1)
