// The stages of CI, one after another; every stage counts its checks. Ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareRuntimes } from './runtimes.mjs';
import { tryPacks } from './packs.mjs';
import { packAll } from '../scripts/tarballs.mjs';
import { installFromTarballs } from './tarballs.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), 'hyperribbon-ci-'));
const packages = readdirSync(join(root, 'packages')).sort();
const bin = (name) => join(root, 'node_modules', '.bin', name);
let passed = 0;
let failed = 0;
let packed;

function sh(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  return result.status === 0;
}

const hyperribbon = (...words) => sh(process.execPath, ['packages/cli/bin/hyperribbon.js', ...words]);

function check(name, ok) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  if (ok) passed += 1;
  else failed += 1;
}

async function stage(name, run) {
  const started = performance.now();
  console.log(`\n=== ${name}`);
  try {
    await run();
  } catch (error) {
    check(`${name}: ${error instanceof Error ? error.message : error}`, false);
  }
  console.log(`=== ${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/** Runs tests and counts each of them. */
function test(name, command, args, env = {}) {
  const report = join(scratch, `${name.replace(/\W/g, '-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${report}`];
  const ok = sh(command, [...args, ...reporters], { env: { ...process.env, ...env } });
  if (existsSync(report)) {
    const { numPassedTests, numFailedTests, numTotalTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    passed += numPassedTests;
    failed += numFailedTests;
    check(`no test is skipped (${numPendingTests} of ${numTotalTests})`, numPendingTests === 0);
  }
  check(`${name} exits with 0`, ok);
}

await stage('npm test', () => test('npm test', 'npm', ['test', '--']));

await stage('long tests', () => test('long tests', bin('vitest'), ['run'], { HYPERRIBBON_TESTS: 'long' }));

await stage('static checks', () => {
  check('oxlint', sh(bin('oxlint'), ['--quiet']));
  check('prettier', sh(bin('prettier'), ['--check', '--log-level', 'warn', '.']));
  check('types of sources and tests', sh(bin('tsc'), ['-p', 'tsconfig.test.json']));
  check('knip: nothing unused', sh(bin('knip'), ['--no-progress']));
  check('kernels rebuild byte for byte', sh(process.execPath, ['wasm/build/build.mjs', '--check']));
  check('imports point downwards, folders are not too full', sh(process.execPath, ['.ci/house.mjs']));
  check('public types as committed', sh(process.execPath, ['.ci/api.mjs', '--check']));
  check('benchmark tables say what the results say', sh(process.execPath, ['bench/table.mjs', '--check']));
  check('sizes within budget', sh(process.execPath, ['.ci/size.mjs']));
});

await stage('packages', () => {
  for (const name of packages) {
    check(`publint ${name}`, sh(bin('publint'), ['--strict', '--pack', 'npm', `packages/${name}`]));
    check(
      `attw ${name}`,
      sh(bin('attw'), ['--pack', `packages/${name}`, '--profile', 'esm-only', '--format', 'ascii'], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
  }
  packed = packAll(root, join(scratch, 'tarballs'));
  check(`all packages pack${packed.error === undefined ? '' : `: ${packed.error}`}`, packed.error === undefined);
  for (const { name, ok } of installFromTarballs(scratch, packed.tarballs)) check(name, ok);
});

await stage('runtimes', async () => {
  for (const { name, ok } of await compareRuntimes(root)) check(name, ok);
});

await stage("other people's projects", async () => {
  for (const { name, ok } of await tryPacks(root, scratch, { packed })) check(name, ok);
});

await stage('planted faults', () => {
  check('the tests fail on every planted fault of this commit', sh(process.execPath, ['.ci/faults.mjs']));
});

await stage('npm start', () => {
  const out = join(scratch, 'report');
  check('the main job runs', sh('npm', ['start', '--', '--out', out], { stdio: ['ignore', 'inherit', 'inherit'] }));
  const report = existsSync(join(out, 'report.json'))
    ? JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))
    : undefined;
  check('report.html and report.json are there', report !== undefined && existsSync(join(out, 'report.html')));
  check('the report is complete', report?.status?.complete === true);
  check('the bound is not vacuous', report?.sections?.analyticBound?.best?.vacuous === false);
  const files = [join(out, 'certificate.json'), '--model', join(out, 'posterior.npz'), '--data', 'mnist'];
  check('its certificate verifies, with fresh draws', hyperribbon('verify', ...files, '--passes', '200'));
});

await stage('other commands', () => {
  const [bound, ribbon] = [join(scratch, 'bound'), join(scratch, 'ribbon')];
  check('bound --quick', hyperribbon('bound', '--quick', '--out', bound));
  const weights = join(bound, 'posterior.npz');
  const certificate = join(bound, 'certificate.json');
  check('verify draws again', hyperribbon('verify', certificate, '--model', weights, '--data', 'mnist'));
  check('ribbon --quick', hyperribbon('ribbon', '--quick', '--out', ribbon));
  const sections = ['--flow', '--jacobian', '--plane', '--minimum'];
  check('landscape --quick', hyperribbon('landscape', '--quick', ...sections, '--out', join(scratch, 'landscape')));
});

rmSync(scratch, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
