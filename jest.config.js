/** One warm local system (test/parts/warm-system.ts) serves every file that needs real servers. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  cacheDirectory: '<rootDir>/.spillway/jest-cache',
  modulePathIgnorePatterns: ['<rootDir>/.spillway/'],
  testTimeout: 120_000,
};
