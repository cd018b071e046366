/** One warm local system (test/parts/warm-system.ts) serves every file that needs real servers. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  globalSetup: '<rootDir>/test/parts/start-warm-system.ts',
  globalTeardown: '<rootDir>/test/parts/stop-warm-system.ts',
  cacheDirectory: '<rootDir>/.spillway/jest-cache',
  modulePathIgnorePatterns: ['<rootDir>/.spillway/'],
  // The servers need room beside the tests.
  maxWorkers: 2,
  testTimeout: 120_000,
};
