// Faults for .ci/faults.mjs in how runs of the command line begin, end and what they leave.
const src = 'packages/cli/src';
const test = (name) => `packages/cli/test/${name}`;

export const runFaults = [
  {
    name: 'runs: a link is replaced by a file',
    file: `${src}/output/placeOf.ts`,
    find: 'path = resolve(dirname(path), readlinkSync(path));',
    replace: "return { kind: 'file', path };",
    tests: [test('runs/places.test.ts')],
  },
  {
    name: 'runs: JSON shares standard output with the table',
    file: `${src}/output/jsonOutput.ts`,
    find: "place.kind === 'stream' && place.descriptor === 1",
    replace: "file === '-' && place.kind === 'file'",
    tests: [test('runs/places.test.ts')],
  },
  {
    name: 'runs: a failing step ends the others',
    file: 'packages/study/src/steps/studyRun.ts',
    find: 'if (!(error instanceof AbortError)) this.#fail(name, error);\n      return undefined;',
    replace: 'if (!(error instanceof AbortError)) throw error;\n      return undefined;',
    tests: ['packages/study/test/studyRun.test.ts'],
  },
  {
    name: 'runs: all known pairs are deflated, and nothing is left to probe',
    file: 'packages/landscape/src/spectra/networkSpectrum.ts',
    find: 'if (values.length < size)',
    replace: 'if (values.length <= size)',
    tests: ['packages/landscape/test/spectra.dense.test.ts'],
  },
];
