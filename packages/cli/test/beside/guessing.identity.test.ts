// Oracle: counting labels. Guessing is the best constant answer, by labels beside those that the bound is about.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeOptions } from '../../src/analysis/analysisOptions.js';
import { guessing as ofAnalysis } from '../../src/analysis/guessing.js';
import { boundedPlan } from '../../src/analysis/bounded.js';
import { analysisPlan } from '../../src/analysis/plan.js';
import { boundOptions } from '../../src/bound/boundOptions.js';
import { guessing as ofBound } from '../../src/bound/guessing.js';
import { planOf } from '../../src/bound/planOf.js';
import { defaultsOf } from '../../src/options/option.js';
import { scratchFolder } from '../runCli.js';

// 300 rows, of which every tenth has the label 2 and every third of the others 1
const data = join(scratchFolder(), 'three.csv');
const label = (i: number): number => (i % 10 === 0 ? 2 : i % 3 === 0 ? 1 : 0);
writeFileSync(
  data,
  Array.from({ length: 300 }, (_, i) => `${Math.sin(i + 1)},${Math.cos(2 * i)},${label(i)}`).join('\n'),
);
const given = { data, architecture: 'mlp:tanh:3' };

/** 1 − the share of the most frequent label. */
const constantError = (labels: Int32Array): number => {
  const counts = [0, 1, 2].map((c) => labels.filter((found) => found === c).length);
  return (labels.length - Math.max(...counts)) / labels.length;
};

describe('what guessing costs', () => {
  it('in analyze is counted on the test examples, never on those of the bound', async () => {
    const plan = await analysisPlan({ ...defaultsOf(analyzeOptions), ...given }, 'hyperribbon analyze');
    const bounded = boundedPlan(plan)!;
    const { error, answer, count, split } = ofAnalysis(bounded);
    expect([error, answer, count, split]).toEqual([constantError(bounded.test!.labels), 0, 50, 'test']);
    expect(error).not.toBe(1 - 1 / 3);
    expect(error).not.toBe(constantError(bounded.train.labels));
  });

  it.each([0, 0.5])('in bound on the held-out examples, or on the prior’s: a fraction of %d', async (priorFraction) => {
    const options = { ...defaultsOf(boundOptions), ...given, priorFraction };
    const plan = await planOf(options, 'hyperribbon bound');
    const [name, labels] =
      priorFraction === 0
        ? (['held-out', plan.heldOut!.examples.labels] as const)
        : (['prior', plan.train.labels.subarray(0, plan.priorCount)] as const);
    expect(ofBound(plan)).toEqual({ split: name, error: constantError(labels), answer: 0, count: labels.length });
  });
});
