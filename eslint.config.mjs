import tseslint from 'typescript-eslint';

const noReachingInto = (...parts) => ({
  'no-restricted-imports': ['error', { patterns: parts.map((part) => ({ group: [`**/${part}/**`] })) }],
});

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      '.spillway/',
      'dist/',
      'flink-sql/**/target/',
      '**/*.mjs',
      'infra/local/typescript.js',
      'jest.config.js',
    ],
  },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
      ],
    },
  },
  // Imports point one way: contracts <- lambdas, guard, orchestrator <- infra <- test.
  {
    files: ['lambdas/contracts/**'],
    rules: noReachingInto('estimator', 'alerter', 'suspender', 'guard', 'orchestrator', 'infra', 'test'),
  },
  {
    files: ['lambdas/**'],
    ignores: ['lambdas/contracts/**'],
    rules: noReachingInto('guard', 'orchestrator', 'infra', 'test'),
  },
  {
    files: ['guard/**'],
    // What DynamoDB counts as an item's size is one rule in one place: the estimator's.
    ignores: ['guard/reporter/item-bytes.ts'],
    rules: noReachingInto('estimator', 'alerter', 'suspender', 'orchestrator', 'infra', 'test'),
  },
  {
    files: ['orchestrator/**'],
    // What an excess does to its subject is one rule in one place: the suspender's.
    ignores: ['orchestrator/backtest/simulate-suspensions.ts'],
    rules: noReachingInto('estimator', 'alerter', 'suspender', 'guard', 'infra', 'test'),
  },
);
