import { closeTestServer, openTestServer } from './server.ts'

/** mocha's global fixtures: run once, in the main process, however many files run beside each other. */
export const mochaGlobalSetup = openTestServer
export const mochaGlobalTeardown = closeTestServer
