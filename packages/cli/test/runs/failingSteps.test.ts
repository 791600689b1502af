// Oracle: the promise that a step that fails leaves the others. Each kind of job is made to fail in turn; what does not need it is in the record,
// and page and terminal tell which step failed and why.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError } from '@hyperribbon/contract';
import { renderStudy, studyTable, type Study } from '@hyperribbon/report';
import { here, type Executor } from '@hyperribbon/study';
import { describe, expect, it, vi } from 'vitest';
import { analyzeOptions } from '../../src/analysis/analysisOptions.js';
import { analysisPlan } from '../../src/analysis/plan.js';
import { runAnalysis } from '../../src/analysis/runAnalysis.js';
import { runFileName } from '../../src/jobs/trajectoryFile.js';
import { jobs, type Jobs } from '../../src/jobs/table.js';
import { defaultsOf } from '../../src/options/option.js';
import { studyFiles } from '../../src/output/studyFiles.js';
import { requireIntactRuns, runSettings } from '../../src/ribbon/ensembleRuns.js';
import { planOf } from '../../src/ribbon/planOf.js';
import { ribbonOptions } from '../../src/ribbon/ribbonOptions.js';
import { runRibbon } from '../../src/ribbon/runRibbon.js';
import { points } from '../cases/files.js';
import { scratchFolder } from '../runCli.js';

const lines = { start: () => ({ update: () => undefined, done: () => undefined, stopped: () => undefined }) };
const running = { signal: new AbortController().signal, lines };

/** This thread, but jobs of one kind throw. */
function failing(kind: keyof Jobs | undefined, error: () => Error): Executor<Jobs> {
  const executor = here(jobs);
  return {
    ...executor,
    run: (job, options) => (job.kind === kind ? Promise.reject(error()) : executor.run(job, options)),
  };
}

const size = { epochs: 2, draws: 8, examplesPerDraw: 10, densitySteps: 4, densityProbes: 2 };
const plan = await analysisPlan(
  { ...defaultsOf(analyzeOptions), data: points, architecture: 'mlp:tanh:4', ...size },
  'hyperribbon analyze',
);
const analysis = (
  kind?: keyof Jobs,
  error = (): Error => new ArgumentError('inner: k must be 1, got k=2'),
): Promise<Study> => runAnalysis(plan, failing(kind, error), running);

describe('analyze', () => {
  it('comes to its end where all eigenvalues are asked for: fewer weights than stiff directions', async () => {
    expect(plan.network.size).toBeLessThan(plan.stiffDirections);
    const { status, sections } = await analysis();
    expect(status).toEqual({ complete: true, missing: [] });
    expect(sections.curvature!.at(-1)!.eigenvalues).toHaveLength(plan.network.size);
    expect(sections.curvature!.filter(({ density }) => density === undefined).map(({ id }) => id)).toEqual([
      'fisher-whole',
    ]);
  });

  it.each<[keyof Jobs, string, (keyof Study['sections'])[], string[]]>([
    ['input-spectrum', 'input spectrum', ['curvature', 'training', 'analyticBound', 'effectiveDimension'], []],
    ['train', 'training', ['inputSpectrum', 'curvature'], ['bound', 'Hessian']],
    ['gram-spectrum', 'whole Fisher spectrum', ['inputSpectrum', 'training', 'analyticBound'], []],
    ['spectrum', 'Hessian', ['inputSpectrum', 'training', 'curvature'], ['bound']],
    ['posterior-errors', 'bound: pilot', ['inputSpectrum', 'curvature', 'training'], ['bound']],
  ])('without %s has everything that does not need it', async (kind, step, sections, missing) => {
    const study = await analysis(kind);
    expect(Object.keys(study.sections)).toEqual(expect.arrayContaining(sections));
    expect(study.status).toMatchObject({ complete: false, reason: 'a step failed' });
    expect(study.status.missing).toEqual(expect.arrayContaining(missing));
    expect(study.status.failed).toContainEqual({ step, why: 'k must be 1, got k=2' });
    const said = [studyTable(study), renderStudy(study)];
    expect(said[0]).toContain(`failed: ${step}: k must be 1, got k=2`);
    expect(said[1]).toContain(`The step “${step}” failed: k must be 1, got k=2.`);
    expect(studyFiles(study).files.size).toBeGreaterThan(2);
  });

  it('tells a fault of ours with its stack, and the other steps all the same', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { sections } = await analysis('input-spectrum', () => new TypeError('x is not a function'));
    const text = written.mock.calls.map(([chunk]) => String(chunk)).join('');
    written.mockRestore();
    expect(text).toMatch(/internal fault\nTypeError: x is not a function\n {4}at /);
    expect(sections.analyticBound).toBeDefined();
  });

  it('throws what ended it where nothing came of it', async () => {
    const executor = here(jobs);
    const error = new ArgumentError('x: no');
    const none = runAnalysis(plan, { ...executor, run: () => Promise.reject(error) }, running);
    await expect(none).rejects.toBe(error);
  });
});

describe('ribbon', () => {
  it('tells a damaged run before any work, whichever it is', async () => {
    const runs = scratchFolder();
    const plan = await planOf({ ...defaultsOf(ribbonOptions), data: points, quick: true }, runs, 'hyperribbon ribbon');
    expect(() => requireIntactRuns(plan)).not.toThrow();
    const settings = runSettings(plan);
    for (const name of [runFileName(settings[0]), runFileName(settings.at(-1)!).replace('.npz', '.partial.npz')]) {
      writeFileSync(join(runs, name), 'PK');
      expect(() => requireIntactRuns(plan)).toThrow(new RegExp(`^--runs: .*${name} is damaged`));
      rmSync(join(runs, name));
    }
  });

  it.each<[keyof Jobs, string, (study: Study) => boolean]>([
    ['regression-prediction', 'closed form of linear regression', ({ sections }) => sections.ensemble !== undefined],
    ['phase-rows', 'phase diagram', ({ sections }) => sections.linearRegression?.widths !== undefined],
    ['trajectory', 'training the ensemble', ({ sections }) => sections.linearRegression?.phase !== undefined],
    ['inpca-maps', 'maps on training samples', ({ sections }) => sections.ensemble!.runs.length > 0],
  ])('without %s has everything that does not need it', async (kind, step, there) => {
    const options = { ...defaultsOf(ribbonOptions), data: points, quick: true, samples: 6, seeds: 1 };
    const short = { epochs: 1, regressionRuns: 2, regressionSteps: 2 };
    const plan = await planOf({ ...options, ...short }, scratchFolder(), 'hyperribbon ribbon');
    const study = await runRibbon(
      { ...plan, phasePoints: 2 },
      failing(kind, () => new ArgumentError('f: no')),
      running,
    );
    expect(study.status.failed).toContainEqual({ step, why: 'no' });
    expect(there(study)).toBe(true);
    expect(studyFiles(study).files.size).toBeGreaterThan(1);
  });
});
