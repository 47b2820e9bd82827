import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'engines/**/*.test.ts',
      'content/**/*.test.ts',
      'test/**/*.test.ts',
      'console/src/**/*.test.ts',
    ],
    // Two cores, and several suites start real servers: more workers only make them wait for one another.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
