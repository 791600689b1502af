import type { FloatArray } from '@hyperribbon/kernels';
import {
  kernelAgainstWidth,
  type KernelAgainstWidth,
  kernelAlignment,
  type KernelChange,
  kernelChange,
  kernelSample,
  neuralTangentKernel,
} from '@hyperribbon/landscape/kernel';
import {
  constantSchedule,
  type Examples,
  type LossData,
  lossFromData,
  mlp,
  momentum,
  type NetworkData,
  networkFromData,
} from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';

/** The kernel of weights on examples drawn by the seed, and how it changed from others, where these are given. */
export interface TangentKernelJob {
  readonly network: NetworkData;
  readonly params: FloatArray;
  readonly before?: FloatArray;
  readonly examples: Examples;
  readonly count: number;
  readonly seed: number;
}

export interface TangentKernelResult {
  readonly examples: number;
  readonly outputs: number;
  readonly trace: number;
  /** centred, with the labels; null where there is none */
  readonly alignment: number | null;
  readonly change?: KernelChange;
}

export async function runTangentKernel(
  { network: data, params, before, examples, count, seed }: TangentKernelJob,
  { signal, report }: JobContext,
): Promise<TangentKernelResult> {
  const network = networkFromData(data);
  const { examples: few } = kernelSample(examples, { count, pick: 'drawn', seed });
  const options = { signal, onProgress: report };
  const after = await neuralTangentKernel(network, params, few, options);
  const { labels } = few;
  let trace = 0;
  for (let i = 0; i < after.rows; i++) trace += after.matrix[i * (after.rows + 1)];
  const found = {
    examples: after.examples,
    outputs: after.outputs,
    trace,
    alignment: kernelAlignment(after, labels).value,
  };
  if (before === undefined) return found;
  const start = await neuralTangentKernel(network, before, few, options);
  return { ...found, change: kernelChange(start, after, { labels, params: { before, after: params } }) };
}

/** How the kernel of an MLP of one width changes by training, over seeds. */
export interface KernelWidthJob {
  readonly width: number;
  readonly seeds: readonly number[];
  readonly examples: Examples;
  readonly loss: LossData;
  readonly count: number;
  readonly seed: number;
  readonly epochs: number;
}

export async function runKernelWidth(
  { width, seeds, examples, loss, count, seed, epochs }: KernelWidthJob,
  { signal, report }: JobContext,
): Promise<KernelAgainstWidth> {
  const { features, classes } = examples;
  const family = {
    family: 'MLP, two layers',
    network: (units: number) => mlp([features, units, classes], { activation: 'relu' }),
  };
  const {
    runs: _runs,
    sample: _sample,
    ...found
  } = await kernelAgainstWidth(family, examples, {
    widths: [width],
    seeds,
    sample: kernelSample(examples, { count, pick: 'drawn', seed }),
    training: {
      epochs,
      batchSize: Math.min(128, examples.count),
      optimizer: momentum(0.9),
      schedule: constantSchedule(0.01),
      loss: lossFromData(loss),
    },
    signal,
    onProgress: report,
  });
  return found;
}
