import {
  type AllBounds,
  allBounds,
  type NetworkNorms,
  networkNorms,
  rankNotions,
  type RankNotions,
  type SampleNorms,
  sampleNorms,
} from '@hyperribbon/complexity';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import type { Model } from '../input/model.js';

/** Norms of a network and its sample, and every bound that is made of them. */
export interface NormBoundsJob {
  readonly model: Model;
  /** (size,) weights that changes are taken from */
  readonly reference?: FloatArray;
  readonly examples: Examples;
  readonly delta: number;
  readonly c1: number;
  readonly c2: number;
}

export interface NormBoundsResult {
  readonly network: NetworkNorms;
  readonly sample: SampleNorms;
  /** of each layer's matrix of filters */
  readonly ranks: readonly RankNotions[];
  readonly bounds: AllBounds;
}

export async function runNormBounds(
  { model, reference, examples, delta, c1, c2 }: NormBoundsJob,
  { signal, report }: JobContext,
): Promise<NormBoundsResult> {
  const network = networkFromData(model.network);
  const norms = await networkNorms(network, model.params, { ...(reference && { reference }), signal });
  const sample = await sampleNorms(network, model.params, examples, {
    signal,
    onProgress: ({ done, of }) => report({ done, of, detail: `margins of ${done} of ${of} examples` }),
  });
  const ranks = norms.layers.map(({ filters: { singularValues = new Float64Array(0), rows, columns } }) =>
    rankNotions(singularValues, { rows, columns }),
  );
  return { network: norms, sample, ranks, bounds: allBounds(norms, sample, { delta, c1, c2 }) };
}
