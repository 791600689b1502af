import type { FloatArray } from '@hyperribbon/kernels';
import type { Examples } from '@hyperribbon/nn';
import type { Setting, TrainingRun } from '@hyperribbon/report';
import { guessing } from '../input/guessing.js';
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
    classes: plan.train.classes,
    architecture: plan.network.name,
    parameters: plan.network.size,
    loss: 'softmax cross-entropy, mean over examples, nats',
    numbers: plan.dtype,
    options: { optimizer: 'Adam, cosine schedule', ...chosenOf(measureOptions, plan) },
  });
}

/** @param continues the run whose end this one starts from */
export function trainingRun(
  name: 'plain' | 'decayed' | 'given',
  result: Pick<TrainResult, 'params' | 'history' | 'final'>,
  start: FloatArray,
  { train, test }: { readonly train: Examples; readonly test?: Examples | undefined },
  continues?: string,
): TrainingRun {
  const zeros = new Float64Array(start.length);
  return {
    name,
    ...(continues === undefined ? {} : { continues }),
    trainValues: 'during',
    guessing:
      test === undefined
        ? { ...guessing(train), of: 'train', count: train.count }
        : { ...guessing(test), of: 'test', count: test.count },
    history: result.history.map(({ epoch, loss, error, learningRate, validationLoss, validationError }) => ({
      epoch: epoch + 1,
      trainLoss: loss,
      trainError: error,
      learningRate,
      ...(validationLoss === undefined ? {} : { testLoss: validationLoss }),
      ...(validationError === undefined ? {} : { testError: validationError }),
    })),
    final: result.final,
    norms: {
      initial: distance(start, zeros),
      final: distance(result.params, zeros),
      displacement: distance(result.params, start),
    },
  };
}

function distance(a: FloatArray, b: FloatArray): number {
  return Math.sqrt(squaredDistance(a, b));
}
