// One `hyperribbon bound` as a piece of a study: goes on from its checkpoint, is not repeated once finished, keeps its certificate.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scratch = process.env.HYPERRIBBON_STUDIES ?? join(tmpdir(), 'hyperribbon-studies');
const cli = new URL('../../packages/cli/bin/hyperribbon.js', import.meta.url).pathname;
const kept = new URL('./results/certificates/', import.meta.url);

/**
 * @param name of the folder under the scratch folder, and of the certificate that is kept
 * @param text arguments of `hyperribbon bound`
 * @param again arguments of `hyperribbon verify` beside the certificate; MODEL stands for the weights, which draws again
 */
export function certifiedRun(name, text, again) {
  const out = join(scratch, name);
  if (!finished(out, text)) {
    const resume = existsSync(join(out, 'run.json')) ? ['--resume'] : [];
    let { status } = hyperribbon(['bound', ...text.split(' '), '--out', out, ...resume]);
    // a run with other options: start anew
    if (status === 2 && resume.length > 0)
      ({ status } = hyperribbon(['bound', ...text.split(' '), '--out', out, '--force']));
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
  }
  const file = join(out, 'certificate.json');
  const verified = verify(file, again.replace('MODEL', `--model ${join(out, 'posterior.npz')}`));
  mkdirSync(kept, { recursive: true });
  writeFileSync(new URL(`${name}.json`, kept), readFileSync(file, 'utf8'));
  const { sections, setting, created } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  const result = sections.networkBound;
  return {
    bound: result.value,
    vacuous: result.vacuous,
    confidence: result.confidence,
    n: result.n,
    weights: result.weights,
    error: result.monteCarlo.mean,
    limit: result.monteCarlo.upper,
    trials: result.monteCarlo.draws,
    plugIn: result.plugIn,
    kl: result.klDisplacement + result.klCovariance,
    klDisplacement: result.klDisplacement,
    klCovariance: result.klCovariance,
    penalty: result.penalty,
    scales: result.scales,
    test: result.test.mean,
    created,
    setting,
    minutes: setting.timings.reduce((sum, { seconds }) => sum + seconds / 60, 0),
    verified,
  };
}

/** What `hyperribbon verify --json` checked, and what fresh draws gave. */
function verify(certificate, again) {
  const args = ['verify', certificate, ...again.split(' '), '--json'];
  const { status, stdout } = spawnSync(process.execPath, [cli, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  const { verdict, reasons, checked, remeasured } = JSON.parse(stdout);
  if (status !== 0 || verdict !== 'verified')
    throw new Error(`${certificate} does not verify: ${JSON.stringify(reasons)}`);
  return { checked, ...(remeasured === undefined ? {} : { fresh: remeasured }) };
}

function hyperribbon(args) {
  return spawnSync(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function finished(out, text) {
  if (!existsSync(join(out, 'report.json'))) return false;
  const { status, setting } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  const command = setting.options.command.replace(/ --(out \S+|resume)/g, '');
  // options in any order
  const parts = (line) =>
    line
      .split(/ (?=--)/)
      .toSorted()
      .join(' ');
  return status.complete && parts(command) === parts(`hyperribbon bound ${text}`);
}
