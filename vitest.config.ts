import { configDefaults, defineConfig } from 'vitest/config';

const source = (name: string): string => new URL(`./packages/${name}/src/index.ts`, import.meta.url).pathname;

/** Files of more than ten seconds that nothing else depends on: CI runs them after `npm test`, HYPERRIBBON_TESTS=all with it. */
const long = [
  'packages/cli/test/answers/analyses.test.ts',
  'packages/cli/test/beside/testSets.test.ts',
  'packages/cli/test/boundMethods.test.ts',
  'packages/cli/test/boundSubspace.test.ts',
  'packages/cli/test/everyModel/operators.dense.test.ts',
  'packages/cli/test/reference.golden.test.ts',
  'packages/cli/test/runs/kill.identity.test.ts',
  'packages/curvature/test/topSpectrum.golden.test.ts',
  'packages/curvature/test/topSpectrum.slow.test.ts',
  'packages/curvature/test/workers.property.test.ts',
  'packages/landscape/test/dynamics/edges.slow.test.ts',
  'packages/landscape/test/regularizers/normBias.slow.test.ts',
  'packages/landscape/test/sharpness/smoothing.slow.test.ts',
];
const chosen = process.env.HYPERRIBBON_TESTS;
const everything = ['packages/*/test/**/*.test.ts', 'docs/test/**/*.test.ts'];
/** Pure functions, no mocks, nothing global: their files share the modules that they import, which saves half of their time. */
const pure = ['autodiff', 'complexity', 'data', 'landscape', 'linop', 'nn', 'onnx', 'pac-bayes', 'report', 'study'].map(
  (name) => `packages/${name}/test/**/*.test.ts`,
);
const left = chosen === undefined ? [...configDefaults.exclude, ...long] : configDefaults.exclude;

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
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: chosen === 'long' ? long : everything, exclude: [...left, ...pure] },
      },
      {
        extends: true,
        test: { name: 'together', isolate: false, include: chosen === 'long' ? [] : pure, exclude: left },
      },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // what the tests read is plain, whatever the terminal or CI asks for
    env: { FORCE_COLOR: '0' },
  },
});
