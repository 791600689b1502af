import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, isTargeted, type LossData } from '@hyperribbon/nn';
import type { Setting, TrainingRun } from '@hyperribbon/report';
import { guessingOf } from '../input/guessing.js';
import type { TrainResult } from '../jobs/train.js';
import { squaredDistance } from '@hyperribbon/pac-bayes';
import { chosenOf } from '../options/option.js';
import { runSetting } from '../output/studyRecord.js';
import { measureOptions } from './analysisOptions.js';
import type { AnalysisPlan } from './plan.js';

/** What was asked for and what it ran on. */
export function setting(plan: AnalysisPlan): Setting {
  return runSetting(plan, {
    trainCount: plan.train.count,
    testCount: plan.test?.count ?? 0,
    features: plan.train.features,
    ...(isTargeted(plan.train) || plan.unlabelled === true ? {} : { classes: plan.train.classes }),
    architecture: plan.network.name,
    parameters: plan.network.size,
    loss: `${lossText[plan.loss.kind]}, mean over examples`,
    numbers: plan.dtype,
    options: { ...trainingSetting(plan), ...chosenOf(measureOptions, plan) },
  });
}

/** Losses in words, with their units. */
export const lossText: Readonly<Record<LossData['kind'], string>> = {
  'softmax-cross-entropy': 'softmax cross-entropy, nats',
  'binary-cross-entropy': 'binary cross-entropy, nats',
  'squared-error': 'half the squared error',
  'token-cross-entropy': 'cross-entropy of tokens, nats per token',
};

/** How networks were trained and are evaluated, where that is to be said. */
function trainingSetting({ network, weights, batchNorm }: AnalysisPlan): Readonly<Record<string, string>> {
  const trained = weights === undefined ? { optimizer: 'Adam, cosine schedule' } : {};
  if (network.buffers === undefined) return trained;
  const statistics =
    weights === undefined && batchNorm === 'fixed'
      ? 'as they started, mean 0 and variance 1'
      : 'running averages of training, in all that is measured';
  return { ...trained, 'batch norm statistics': statistics };
}

/** @param continues the run whose end this one starts from */
export function trainingRun(
  name: 'plain' | 'decayed' | 'given',
  result: Pick<TrainResult, 'params' | 'history' | 'final'>,
  start: FloatArray,
  { train, test, loss }: Pick<AnalysisPlan, 'train' | 'test' | 'loss'>,
  continues?: string,
): TrainingRun {
  const zeros = new Float64Array(start.length);
  return {
    name,
    ...(continues === undefined ? {} : { continues }),
    trainValues: 'during',
    guessing: { ...guessOf(test ?? train, loss), of: test === undefined ? 'train' : 'test' },
    ...(loss.kind === 'softmax-cross-entropy' ? {} : { lossUnit: unitOf(loss) }),
    history: result.history.map(({ epoch, loss: trainLoss, error, learningRate, validationLoss, validationError }) => ({
      epoch: epoch + 1,
      trainLoss,
      ...known({ trainError: error }),
      learningRate,
      ...(validationLoss === undefined ? {} : { testLoss: validationLoss }),
      ...known({ testError: validationError }),
    })),
    final: finalOf(result.final),
    norms: {
      initial: distance(start, zeros),
      final: distance(result.params, zeros),
      displacement: distance(result.params, start),
    },
  };
}

/** Errors that there are: none where answers are no classes. */
function known<Key extends string>(
  errors: Readonly<Record<Key, number | undefined>>,
): { readonly [K in Key]?: number } {
  const found = Object.entries<number | undefined>(errors).filter(
    ([, error]) => error !== undefined && !Number.isNaN(error),
  );
  return Object.fromEntries(found) as { readonly [K in Key]?: number };
}

function finalOf({ trainError, testError, ...losses }: TrainResult['final']): TrainingRun['final'] {
  return { ...losses, ...known({ trainError, testError }) };
}

function guessOf(examples: AnyExamples, loss: LossData): Omit<NonNullable<TrainingRun['guessing']>, 'of'> {
  const guess = guessingOf(examples, loss);
  return { loss: guess.loss, ...known({ error: guess.error }), count: examples.count };
}

function unitOf({ kind }: LossData): string {
  return kind === 'squared-error'
    ? 'half the squared error'
    : kind === 'token-cross-entropy'
      ? 'nats per token'
      : 'nats';
}

function distance(a: FloatArray, b: FloatArray): number {
  return Math.sqrt(squaredDistance(a, b));
}
