// Jest takes no time-out from a project, so the projects of jest.config.cjs pass theirs as a global.
jest.setTimeout(1000 * timeoutSeconds)
