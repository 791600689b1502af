import type { Examples } from '@hyperribbon/nn';
import type { FixedNetwork, TestExamples, TestSetResult } from '../output/testSet.js';
import { testSetResult } from '../output/testSet.js';
import { deltaMonteCarlo, type BoundPlan } from './boundPlan.js';
import { boundSplits } from './boundSplits.js';
import { isLearnt } from './certificateParts.js';
import { guessing } from './guessing.js';

/**
 * What stands beside the certificate: fixed networks on examples that they never met, at the same δ. The mean of the posterior on the test
 * examples, unless it started from a file that may have seen them; a learnt prior's mean on the bound's examples, which were held out from it.
 */
export async function testSets(
  plan: BoundPlan,
  examples: Examples,
  {
    mean,
    priorMean,
    usedHeldOut,
  }: { readonly mean: Float32Array; readonly priorMean: Float32Array; readonly usedHeldOut: boolean },
): Promise<readonly TestSetResult[]> {
  const { network, control, repeated, commandLine: command } = plan;
  const splits = boundSplits(plan, examples);
  const setting = {
    delta: plan.delta + deltaMonteCarlo,
    splits,
    guessing: guessing(plan),
    caveats: [
      ...(control === undefined ? [] : ['the labels were replaced by random ones, as a control']),
      ...(repeated === undefined ? [] : [repeated]),
    ],
    command,
  };
  const others = splits.map(({ name }) => name).filter((name) => name !== 'bound' && (name === 'prior' || usedHeldOut));
  const posterior: FixedNetwork = {
    network,
    weights: mean,
    title: 'mean of the posterior',
    description: `mean of the posterior of ${plan.method}`,
    saw: ['bound', ...others],
    files: { certificate: 'test-set.json', weights: 'network.npz' },
  };
  const prior: FixedNetwork = {
    network,
    weights: priorMean,
    title: 'mean of the prior',
    description: 'mean of the prior, trained on split "prior"',
    saw: ['prior'],
    files: { certificate: 'test-set-prior.json', weights: 'prior-network.npz' },
  };
  const test: TestExamples = { split: 'test', examples: plan.test, origin: plan.testOrigin };
  return [
    ...(plan.startFile === undefined ? [await testSetResult(posterior, test, setting)] : []),
    ...(isLearnt(plan) ? [await testSetResult(prior, boundPart(plan, examples), setting)] : []),
  ];
}

/** The bound's examples, as what a prior that was trained on others is tested with. */
function boundPart(plan: BoundPlan, examples: Examples): TestExamples {
  const { priorCount, datasetIdentity: dataset, control } = plan;
  const indices = plan.indicesOf(priorCount, priorCount + examples.count);
  const labels = control === undefined ? {} : { labels: control };
  return { split: 'bound', examples, origin: { dataset, indices, ...labels } };
}
