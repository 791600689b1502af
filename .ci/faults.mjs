// node .ci/faults.mjs [--all] [--only TEXT] [--commit HASH]
// A test of the tests: plants known faults, one at a time, in a copy of the tree, and demands that the tests named for each fail. Without --all a
// third of them, which third depends on the commit, so that three commits in a row see most and a week sees all.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { autodiffFaults } from './autodiffFaults.mjs';
import { boundFaults } from './boundFaults.mjs';
import { complexityFaults } from './complexityFaults.mjs';
import { stabilityRoomFaults } from './stabilityFaults.mjs';
import { dataFaults } from './dataFaults.mjs';
import { dynamicsFaults } from './dynamicsFaults.mjs';
import { exchangeFaults } from './exchangeFaults.mjs';
import { floorFaults } from './floorFaults.mjs';
import { networkFaults } from './networkFaults.mjs';
import { normFaults } from './normFaults.mjs';
import { onnxFaults } from './onnxFaults.mjs';
import { capacityFaults } from './landscapeFaults/capacity.mjs';
import { commandFaults } from './landscapeFaults/command.mjs';
import { edgeFaults } from './landscapeFaults/edge.mjs';
import { flowFaults } from './landscapeFaults/flows.mjs';
import { minimaFaults } from './landscapeFaults/minima.mjs';
import { kernelFaults } from './landscapeFaults/kernel.mjs';
import { planeFaults } from './landscapeFaults/plane.mjs';
import { regularizerFaults } from './landscapeFaults/regularizers.mjs';
import { optimiserFaults } from './landscapeFaults/optimisers.mjs';
import { sharpnessFaults } from './landscapeFaults/sharpness.mjs';
import { layerFaults } from './layerFaults.mjs';
import { reportFaults } from './reportFaults.mjs';
import { runFaults } from './runFaults.mjs';
import { scopeFaults } from './scopeFaults.mjs';
import { solverFaults } from './solverFaults.mjs';
import { complexFaults } from './solverFaults/complex.mjs';
import { denseFaults } from './solverFaults/dense.mjs';
import { functionFaults } from './solverFaults/functions.mjs';
import { generalisedFaults } from './solverFaults/generalised.mjs';
import { interiorFaults } from './solverFaults/interior.mjs';
import { smallFaults } from './solverFaults/small.mjs';
import { lobpcgFaults } from './solverFaults/lobpcg.mjs';
import { solveFaults } from './solverFaults/solve.mjs';
import { sparseFaults } from './solverFaults/sparse.mjs';
import { speedFaults } from './solverFaults/speed.mjs';
import { trainingFaults } from './trainingFaults.mjs';
import { verificationFaults } from './verificationFaults.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const only = option('--only');
const commit = option('--commit') ?? execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const third = parseInt(commit.slice(0, 8), 16) % 3;
const faults = [
  ...autodiffFaults,
  ...floorFaults,
  ...layerFaults,
  ...capacityFaults,
  ...commandFaults,
  ...edgeFaults,
  ...flowFaults,
  ...kernelFaults,
  ...planeFaults,
  ...regularizerFaults,
  ...sharpnessFaults,
  ...optimiserFaults,
  ...solverFaults,
  ...smallFaults,
  ...solveFaults,
  ...sparseFaults,
  ...complexFaults,
  ...denseFaults,
  ...lobpcgFaults,
  ...generalisedFaults,
  ...interiorFaults,
  ...speedFaults,
  ...functionFaults,
  ...dynamicsFaults,
  ...boundFaults,
  ...complexityFaults,
  ...stabilityRoomFaults,
  ...minimaFaults,
  ...normFaults,
  ...dataFaults,
  ...networkFaults,
  ...onnxFaults,
  ...exchangeFaults,
  ...reportFaults,
  ...runFaults,
  ...scopeFaults,
  ...trainingFaults,
  ...verificationFaults,
].filter(
  (fault, i) =>
    (only === undefined || fault.name.includes(only)) &&
    (args.includes('--all') || only !== undefined || i % 3 === third),
);

const copy = mkdtempSync(join(tmpdir(), 'hyperribbon-faults-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const file of ['vitest.config.ts', 'package.json', 'tsconfig.base.json'])
  cpSync(join(root, file), join(copy, file));
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
for (const name of readdirSync(join(root, 'packages'))) {
  const [from, to] = [join(root, 'packages', name), join(copy, 'packages', name)];
  mkdirSync(to, { recursive: true });
  for (const part of ['src', 'test', 'package.json', 'README.md'])
    if (existsSync(join(from, part))) cpSync(join(from, part), join(to, part), { recursive: true });
  if (existsSync(join(from, 'node_modules'))) symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'));
}

/** Runs test files until one test fails; says whether one did, as opposed to files that did not even load. */
function run(tests, bail = ['--bail', '1']) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...bail, '--reporter', 'json', ...tests],
    {
      cwd: copy,
      encoding: 'utf8',
      timeout: 240_000,
      maxBuffer: 1 << 28,
      // long files too, where a fault names them
      env: { ...process.env, HYPERRIBBON_TESTS: 'all' },
    },
  );
  const start = stdout.indexOf('{"numTotalTestSuites"');
  if (start < 0) return { failed: status !== 0, first: `no report: ${stderr.trim().split('\n').at(-1)}` };
  const report = JSON.parse(stdout.slice(start).split('\n')[0]);
  const broken = report.testResults.flatMap((file) => file.assertionResults).find((test) => test.status === 'failed');
  const failed = report.numFailedTests > 0;
  // where several files run at once, the one that stops the others may be missing in the report: only the exit code tells
  if (!failed && status !== 0 && bail.length > 0) return run(tests, []);
  return {
    failed,
    first: broken?.fullName ?? report.testResults.find((f) => f.status === 'failed')?.message,
  };
}

const baseline = run([...new Set(faults.flatMap((fault) => fault.tests))]);
if (baseline.failed || baseline.first !== undefined) {
  console.log(`the tests fail without any fault: ${baseline.first}`);
  process.exit(1);
}
let survived = 0;
for (const { name, file, find, replace, tests } of faults) {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2) {
    console.log(`CANNOT PLANT  ${name}: its text occurs ${source.split(find).length - 1} times in ${file}`);
    survived++;
    continue;
  }
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  const start = Date.now();
  const { failed, first } = run(tests);
  writeFileSync(path, source);
  if (!failed) survived++;
  console.log(
    `${failed ? 'caught  ' : 'SURVIVED'}  ${name}  (${((Date.now() - start) / 1e3).toFixed(0)} s)  ${first ?? ''}`,
  );
}
console.log(`${faults.length - survived} passed, ${survived} failed`);
process.exitCode = survived === 0 ? 0 : 1;
