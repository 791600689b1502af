// Oracle: labels thrown by a coin, learnt by heart: nobody can tell the labels of others. Whatever is said of weights that may have seen the data,
// no number is called a test error unless it is one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpz } from '@hyperribbon/data';
import { mlp, train as fit, unflatten } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { renderStudy, studyTable, type Study } from '@hyperribbon/report';
import { here } from '@hyperribbon/study';
import { describe, expect, it } from 'vitest';
import { analyzeOptions } from '../../src/analysis/analysisOptions.js';
import { analysisPlan } from '../../src/analysis/plan.js';
import { runAnalysis } from '../../src/analysis/runAnalysis.js';
import { boundOptions } from '../../src/bound/boundOptions.js';
import { planOf } from '../../src/bound/planOf.js';
import { jobs } from '../../src/jobs/table.js';
import { defaultsOf, type Given } from '../../src/options/option.js';
import { inProcess } from '../inProcess.js';
import { scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const random = stream({ seed: 4, purpose: 'test/coins' });
const points = (count: number) => {
  const inputs = random.normal(new Float64Array(20 * count));
  const labels = Int32Array.from({ length: count }, () => random.integer(2));
  return { inputs, labels, count, features: 20, classes: 2 };
};
const write = (name: string, { inputs, labels, count }: ReturnType<typeof points>): string => {
  const rows = Array.from({ length: count }, (_, i) => [...inputs.subarray(20 * i, 20 * i + 20), labels[i]].join(','));
  const file = join(folder, name);
  writeFileSync(file, rows.join('\n'));
  return file;
};
const coins = points(120);
const [data, others] = [write('coins.csv', coins), write('others.csv', points(200))];

/** Weights that know the whole file by heart, from a program that leaves no word on it. */
const network = mlp([20, 64, 2], { activation: 'tanh' });
const { params } = await fit(network, coins, { epochs: 200, batchSize: 20 });
const arrays = unflatten(network, params);
const model = join(folder, 'by-heart.npz');
writeFileSync(
  model,
  writeNpz(Object.fromEntries(network.parameters.map(({ name, shape }) => [name, { shape, data: arrays[name] }]))),
);

type Options = Given<typeof analyzeOptions>;
const size = {
  epochs: 2,
  curvatureExamples: 20,
  top: 2,
  stiffDirections: 3,
  draws: 8,
  densitySteps: 3,
  densityProbes: 2,
};
const plan = (more: Partial<Options>) =>
  analysisPlan({ ...defaultsOf(analyzeOptions), data, architecture: 'mlp:tanh:64', ...size, ...more }, 'hyperribbon');
const lines = { start: () => ({ update: () => undefined, done: () => undefined, stopped: () => undefined }) };
const analysis = async (more: Partial<Options>): Promise<Study> =>
  runAnalysis(await plan(more), here(jobs), { signal: new AbortController().signal, lines });

describe('weights of which nothing is known', () => {
  it('get no test error, in no figure, tile or line, and it is said why', async () => {
    const study = await analysis({ model });
    const [given, decayed] = study.sections.training!;
    expect(given.final).toEqual({ trainLoss: expect.any(Number) as number, trainError: 0 });
    expect(decayed.final.testError).toBeUndefined();
    expect(study.sections.analyticBound!.posteriorTest).toBeUndefined();
    expect(study.setting).toMatchObject({ trainCount: 100, testCount: 0 });
    const [page, table] = [renderStudy(study), studyTable(study)];
    expect(table).toMatch(/error, given +0\.00 % +on examples that it may have seen; no test examples/);
    for (const shown of [page, table]) {
      expect(shown).toContain('no test');
      expect(shown).not.toMatch(
        /0\.00 %[^\n<]* test(?! examples)|test error of the given|test examples it errs|undefined|NaN/,
      );
    }
    expect(page).toContain('It is not known which of these examples the given weights were trained on');
  });

  it('get an honest one on examples that are named', async () => {
    const { sections, notes } = await analysis({ model, test: others });
    const { testError, trainError } = sections.training![0].final;
    expect(trainError).toBe(0);
    // 200 coins: half, give or take four deviations
    expect(Math.abs(testError! - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 200));
    expect(sections.analyticBound!.posteriorTest).toBeDefined();
    expect(notes!.map(({ text }) => text).join()).toMatch(
      /Whether they were trained on the test examples is not known/,
    );
  });

  it('may start a bound, which then has no test error either', async () => {
    const ask = (more: object) =>
      planOf({ ...defaultsOf(boundOptions), data, architecture: 'mlp:tanh:64', model, ...more }, 'hyperribbon bound');
    expect((await ask({})).seen).toBe('unknown');
    const named = await ask({ test: others });
    expect([named.seen, named.test.count, named.whole.count]).toEqual(['apart', 200, 120]);
  });
});

describe('weights whose file tells what they were trained on', () => {
  const trained = join(folder, 'trained.npz');
  const training = ['train', '--data', data, '--architecture', 'mlp:tanh:64', '--epochs', '1', '--out', trained];

  it('are tested on what was held out from them, with the seed of their training', async () => {
    expect((await inProcess([...training, '--dtype', 'float32'])).code).toBe(0);
    const held = await plan({ model: trained });
    expect([held.seen, held.test?.count, held.train.count]).toEqual(['training', 20, 100]);
    // another seed holds out others, which they have seen
    const other = await plan({ model: trained, seed: 1 });
    expect([other.seen, other.test, other.train.count]).toEqual(['unknown', undefined, 100]);
    const asked = { ...defaultsOf(boundOptions), data, architecture: 'mlp:tanh:64', model: trained };
    expect((await planOf(asked, 'hyperribbon bound')).seen).toBe('training');
  });

  it('and on examples of their own where they were trained on all', async () => {
    const file = join(folder, 'trained-on-all.npz');
    const { code, stderr } = await inProcess([...training.slice(0, -1), file, '--test', others]);
    expect(stderr).toMatch(/120 examples[\s\S]*on test examples/);
    expect(code).toBe(0);
    const held = await plan({ model: file, test: others });
    expect([held.seen, held.test?.count, held.train.count]).toEqual(['training', 200, 120]);
    expect((await plan({ model: file })).seen).toBe('unknown');
  });
});

describe('--test', () => {
  it('is refused where its examples are training examples', async () => {
    await expect(plan({ test: data })).rejects.toThrow(/120 of 120 test examples have the input of a training example/);
    expect((await plan({ test: others })).notes).toEqual([]);
  });
});
