import type { AnyExamples, FloatArray } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import type { LossData, Network, TrainMoment } from '@hyperribbon/nn';
import { batchSharpness, type BatchSharpnessPlan, planBatchSharpness } from '../sharpness/batchSharpness.js';
import { type ExampleJacobianNorms, jacobianNorms } from '../sharpness/jacobianNorms.js';
import type { JacobianNorms } from '../sharpness/sharpnessTypes.js';
import type { EdgeMoment } from './descentTypes.js';

/** What is measured beside the spectrum, each every so many steps; absent: never. */
export interface SideOptions {
  readonly network: Network;
  readonly examples: AnyExamples;
  readonly seed: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  readonly batchSharpness?:
    | { readonly every: number; readonly batchSize: number; readonly batches?: number; readonly loss: LossData }
    | undefined;
  readonly topShare?: { readonly every: number } | undefined;
  readonly jacobian?: { readonly every: number } | undefined;
}

/** The spectrum's part of a moment: the gradient (size,) and the top eigenvectors, orthonormal. */
export interface Spectrum {
  readonly gradient: Float64Array;
  readonly vectors: readonly FloatArray[];
}

/** Measures of a moment beside the spectrum. */
export type SideMeasures = (
  at: TrainMoment,
  spectrum: Spectrum,
) => Promise<Pick<EdgeMoment, 'batchSharpness' | 'topShare' | 'jacobian'>>;

/** Plans what is asked for where the network has no statistics that move; else each moment is measured by itself. */
export function sideMeasures(options: SideOptions): SideMeasures {
  const { network, examples, seed, dtype, deterministic, topShare, jacobian } = options;
  const asked = options.batchSharpness;
  const settings = asked && {
    batchSize: asked.batchSize,
    ...(asked.batches !== undefined && { batches: asked.batches }),
    loss: asked.loss,
    seed,
    dtype,
    deterministic,
  };
  const plan: BatchSharpnessPlan | undefined =
    settings && network.buffers === undefined ? planBatchSharpness(network, examples, settings) : undefined;

  /** another permutation at each moment, so that the errors of moments are independent */
  function sharpnessAt({ steps: permutation, weights, signal, network: evaluated }: TrainMoment) {
    const moment = { permutation, ...(signal && { signal }) };
    return plan
      ? plan.measure(weights, moment)
      : batchSharpness(evaluated(), weights, examples, { ...settings!, ...moment });
  }

  return async (at, { gradient, vectors }) => {
    const due = (part: { readonly every: number } | undefined): boolean =>
      part !== undefined && at.steps % part.every === 0;
    const norms = due(jacobian)
      ? await jacobianNorms(at.network(), at.weights, examples, {
          deterministic,
          ...(at.signal && { signal: at.signal }),
        })
      : undefined;
    return {
      ...(due(asked) && { batchSharpness: await sharpnessAt(at) }),
      ...(due(topShare) && { topShare: shareIn(vectors.slice(0, network.classes), gradient) }),
      ...(norms && { jacobian: withoutExamples(norms) }),
    };
  };
}

function withoutExamples({ norms: _norms, ...summary }: ExampleJacobianNorms): JacobianNorms {
  return summary;
}

/** ‖P g‖²/‖g‖² with P the projection on orthonormal vectors; NaN for a gradient of zero. */
function shareIn(vectors: readonly FloatArray[], gradient: Float64Array): number {
  let [inside, whole] = [0, 0];
  for (let i = 0; i < gradient.length; i++) whole += gradient[i] * gradient[i];
  for (const v of vectors) {
    let product = 0;
    for (let i = 0; i < gradient.length; i++) product += v[i] * gradient[i];
    inside += product * product;
  }
  return inside / whole;
}
