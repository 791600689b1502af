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
    tests: ['packages/landscape/test/knownPairs.dense.test.ts'],
  },
  {
    name: 'runs: another run writes into a folder that is taken',
    file: `${src}/runs/runFolder.ts`,
    find: 'if (same && (resume ||',
    replace: 'if ((same || !force) && (resume ||',
    tests: [test('runs/runFolder.test.ts')],
  },
  {
    name: 'runs: results of an earlier attempt stay beside those of this one',
    file: `${src}/runs/runFolder.ts`,
    find: 'if (!results.has(name)) rmSync',
    replace: 'if (results.has(`${name} `)) rmSync',
    tests: [test('runs/runFolder.test.ts')],
  },
  {
    name: 'runs: a checkpoint is taken whatever its digest says',
    file: `${src}/runs/keptFile.ts`,
    find: 'if (digest !== digestOf(text, arrays))',
    replace: 'if (digest.length !== digestOf(text, arrays).length)',
    tests: [test('runs/boundFiles.test.ts')],
  },
  {
    name: 'runs: the end of the grid counts members that were not tried',
    file: `${src}/analysis/boundNotes.ts`,
    find: 'candidates.filter(({ plugIn }) => plugIn !== undefined)',
    replace: 'candidates.slice()',
    tests: [test('runs/edges.test.ts')],
  },
  {
    name: 'runs: a sixth of what given weights may have seen is called a test set',
    file: `${src}/input/seenByWeights.ts`,
    find: "testKind === 'own' ? 'apart' : 'unknown'",
    replace: "testKind === 'own' ? 'unknown' : 'apart'",
    tests: [test('runs/givenWeights.test.ts')],
  },
  {
    name: 'runs: files of another run beside a certificate are passed over',
    file: `${src}/verify/folderReasons.ts`,
    find: 'digestOf(readFileSync(file)) === digest',
    replace: 'digestOf(readFileSync(file)).length === digest.length',
    tests: [test('runs/mixedFolders.test.ts')],
  },
  {
    name: 'runs: the names of functions reach who typed a command',
    file: `${src}/input/networkFor.ts`,
    find: "reading('--architecture', text, () => parseArchitecture(completeArchitecture(text, full)))",
    replace: 'parseArchitecture(completeArchitecture(text, full))',
    tests: [test('runs/words.test.ts')],
  },
  {
    name: 'runs: a result is read whether or not it is whole',
    file: 'packages/study/src/results/resultBytes.ts',
    find: '!== sha256(bytes.subarray(0, end))',
    replace: "=== ''",
    tests: ['packages/study/test/results.property.test.ts'],
  },
  {
    name: 'runs: of two results of a job the last one stays',
    file: 'packages/study/src/results/resultStore.ts',
    find: 'if (before !== undefined && !sameBytes(before, bytes)) throw new ConflictError(id);',
    replace: '',
    tests: ['packages/study/test/results.property.test.ts'],
  },
  {
    name: 'runs: the version is no part of a job',
    file: 'packages/study/src/study/runStudy.ts',
    find: 'return planDigest({ job, version });',
    replace: "return planDigest({ job, version: version === '' });",
    tests: ['packages/study/test/runStudy.contract.test.ts'],
  },
];
