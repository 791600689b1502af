import type { FloatArray } from '@hyperribbon/kernels';
import { errorOfGuessing } from '@hyperribbon/pac-bayes';
import { deltaMonteCarlo } from './deltaMonteCarlo.js';
import { testSetResult, type TestSetResult } from '../output/testSet.js';
import type { ClassPlan } from './bounded.js';
import { trainSplit } from './splits.js';

/**
 * What stands beside the certificate: the networks that were trained here, on the test examples, at the same δ. None where the weights were
 * given: nobody knows what they have seen.
 */
export async function testSets(
  plan: ClassPlan,
  { plain, mean }: { readonly plain: FloatArray; readonly mean: FloatArray },
): Promise<readonly TestSetResult[]> {
  const { test } = plan;
  if (plan.weights !== undefined || test === undefined) return [];
  const { network, train, testOrigin, repeated, epochs, commandLine: command } = plan;
  const split = trainSplit(plan);
  const setting = {
    delta: plan.delta + deltaMonteCarlo,
    splits: [split],
    guessing: { split: split.name, ...errorOfGuessing(train.labels, train.classes) },
    caveats: repeated === undefined ? [] : [repeated],
    command,
  };
  const examples = { split: 'test', examples: test, origin: testOrigin };
  const ofTraining = (weights: FloatArray, title: string, description: string, name: string) => ({
    network,
    weights,
    title,
    description,
    saw: [split.name],
    files: { certificate: `test-set${name}.json`, weights: `${name === '' ? '' : 'plain-'}network.npz` },
  });
  return [
    await testSetResult(
      ofTraining(
        mean,
        'mean of the posterior',
        `trained ${epochs} epochs, and ${epochs} more with a pull to its start`,
        '',
      ),
      examples,
      setting,
    ),
    await testSetResult(
      ofTraining(plain, 'network of the plain run', `trained ${epochs} epochs`, '-plain'),
      examples,
      setting,
    ),
  ];
}
