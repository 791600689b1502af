import { defineConfig } from 'vitest/config';

const source = (name: string): string => new URL(`./packages/${name}/src/index.ts`, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: [
      {
        find: '@hyperribbon/kernels/linear',
        replacement: new URL('./packages/kernels/src/linear.ts', import.meta.url).pathname,
      },
      { find: /^@hyperribbon\/([a-z-]+)$/, replacement: source('$1') },
      { find: /^hyperribbon$/, replacement: source('cli') },
    ],
  },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'docs/test/**/*.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
