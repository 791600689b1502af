// Oracle: what the command line promises. Every mistake ends with exit code 2, a sentence that says what to do, and no file; every
// command lists each of its options with its default; what is small is done and written.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzeOptions } from '../src/analysis/analysisOptions.js';
import { boundOptions } from '../src/bound/boundOptions.js';
import { flagOf } from '../src/options/option.js';
import { inpcaOptions } from '../src/commands/inpca.js';
import { landscapeOptions } from '../src/landscape/landscapeOptions.js';
import { measuresOptions } from '../src/measures/measuresOptions.js';
import { phaseOptions } from '../src/ribbon/phaseOptions.js';
import { ribbonOptions } from '../src/ribbon/ribbonOptions.js';
import { version } from '../src/version.js';
import { weightsOptions } from '../src/weights/weightsOptions.js';
import { exportCases } from './cases/export.js';
import { out, type CommandCase } from './cases/files.js';
import { inpcaCases } from './cases/inpca.js';
import { inputsCases } from './cases/inputs.js';
import { inspectCases } from './cases/inspect.js';
import { landscapeCases } from './cases/landscape.js';
import { phaseCases } from './cases/phase.js';
import { spectrumCases } from './cases/spectrum.js';
import { analyzeCases, boundCases, measuresCases, ribbonCases, verifyCases } from './cases/studies.js';
import { trainCases } from './cases/train.js';
import { weightsCases } from './cases/weights.js';
import { inProcess } from './inProcess.js';
import { innerNames } from './innerNames.js';

const registry: Readonly<Record<string, readonly CommandCase[]>> = {
  analyze: analyzeCases,
  bound: boundCases,
  export: exportCases,
  inpca: inpcaCases,
  inputs: inputsCases,
  inspect: inspectCases,
  landscape: landscapeCases,
  measures: measuresCases,
  phase: phaseCases,
  ribbon: ribbonCases,
  spectrum: spectrumCases,
  train: trainCases,
  verify: verifyCases,
  weights: weightsCases,
};

describe.each(Object.entries(registry))('%s', (command, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { args, code = 2, stderr = /^/, stdout = /^/, writes = [], record } = one;
    const found = await inProcess(args);
    expect(found.stderr).toMatch(stderr);
    expect(found.stdout).toMatch(stdout);
    expect(found.stderr).not.toMatch(/\n {4}at /); // no stack
    expect(found.code).toBe(code);
    for (const path of writes) expect(existsSync(path)).toBe(true);
    if (record !== undefined) {
      expect(JSON.parse(readFileSync(record[0], 'utf8'))).toSatisfy(record[1] as (found: unknown) => boolean);
    }
    if (code === 2) {
      expect(innerNames(found.stderr)).toEqual([]);
      for (const name of ['refused.npz', 'refused/report.html', 'refused/report.json'])
        expect(existsSync(out(name))).toBe(false);
    }
  });

  it('has a help text with every option and an example', async () => {
    const { code, stdout } = await inProcess([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}hyperribbon /);
    expect(stdout).not.toContain('undefined');
    for (const flag of stdout.matchAll(/hyperribbon \w+ .*/g)) {
      // options that an example shows are options that the command has
      if (!flag[0].startsWith(`hyperribbon ${command}`)) continue;
      for (const [name] of flag[0].matchAll(/--[a-z-]+/g)) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    }
  });

  it('has no case twice', () => {
    const names = cases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each([
  ['analyze', analyzeOptions],
  ['bound', boundOptions],
  ['inpca', inpcaOptions],
  ['measures', measuresOptions],
  ['landscape', landscapeOptions],
  ['phase', phaseOptions],
  ['ribbon', ribbonOptions],
  ['weights', weightsOptions],
] as const)('the help of %s', (command, table) => {
  it('tells the flag, the argument and the default of every declared option', async () => {
    const { stdout } = await inProcess([command, '--help']);
    const words = stdout.replaceAll(/\s+/g, ' ');
    for (const [name, { argument, value, help }] of Object.entries(table)) {
      const flags = argument === undefined ? flagOf(name) : `${flagOf(name)} ${argument}`;
      expect(words).toContain(` ${flags} ${help.replaceAll(/\s+/g, ' ')}`);
      if (value !== undefined && argument !== undefined) {
        expect(words).toMatch(new RegExp(`default: ${JSON.stringify(value).replaceAll(/[()/.]/g, '\\$&')}\\)`));
      }
    }
  });
});

describe('the program', () => {
  it('lists its commands, its exit codes and its version', async () => {
    const { code, stdout } = await inProcess(['--help']);
    expect(code).toBe(0);
    for (const command of Object.keys(registry)) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(stdout).toContain('Exit codes: 0 done, 1 internal fault');
    expect((await inProcess(['--version'])).stdout.trim()).toBe(version);
  });

  it('refuses commands that there are not', async () => {
    const { code, stderr } = await inProcess(['spectra']);
    expect(stderr).toMatch(/unknown command 'spectra'/);
    expect(code).toBe(2);
  });

  it('ends with 130 after Ctrl-C, and takes its listeners off again', async () => {
    const before = process.listenerCount('SIGINT');
    rmSync(out('stopped.npz'), { force: true });
    let asked = false;
    const { code, stderr } = await inProcess(
      [
        'train',
        '--data',
        out('points.csv'),
        '--architecture',
        'mlp:tanh:3',
        '--epochs',
        '100000',
        '--out',
        out('stopped.npz'),
      ],
      (text) => {
        if (asked || !text.startsWith('- training')) return;
        asked = true;
        setTimeout(() => process.emit('SIGINT', 'SIGINT'), 50);
      },
    );
    expect(stderr).toMatch(/stopping: writing what is done so far[\s\S]*◼ training .*aborted; error/);
    expect(code).toBe(130);
    expect(existsSync(out('stopped.npz'))).toBe(true);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
