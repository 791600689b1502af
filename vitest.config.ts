import { defineConfig } from 'vitest/config';

const source = (name: string): string => new URL(`./packages/${name}/src/index.ts`, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^@hyperribbon\/([a-z-]+)\/([a-z]+)$/,
        replacement: new URL('./packages/$1/src/$2.ts', import.meta.url).pathname,
      },
      { find: /^@hyperribbon\/([a-z-]+)$/, replacement: source('$1') },
      { find: /^hyperribbon$/, replacement: source('cli') },
    ],
  },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'docs/test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // what the tests read is plain, whatever the terminal or CI asks for
    env: { FORCE_COLOR: '0' },
  },
});
