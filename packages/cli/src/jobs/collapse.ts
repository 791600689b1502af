import { isArgumentError, sentenceOf } from '@hyperribbon/contract';
import { type NeuralCollapse, networkCollapse } from '@hyperribbon/complexity';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, type Network, networkFromData } from '@hyperribbon/nn';
import type { Model } from '../input/model.js';
import { head } from '../input/splits.js';

/** Neural collapse of a network as it is. */
export interface CollapseJob {
  readonly model: Model;
  readonly examples: Examples;
  readonly collapseExamples: number;
}

/** The collapse, or why there is none. */
export type CollapseResult = { readonly collapse: NeuralCollapse } | { readonly notMeasured: string };

export async function runCollapse({ model, examples, collapseExamples }: CollapseJob): Promise<CollapseResult> {
  const params = Float64Array.from(model.params);
  return collapseOrWhy(networkFromData(model.network), params, head(examples, collapseExamples));
}

/** A network that cannot be measured, such as one whose outputs are not those of an affine map, is no failure. */
export function collapseOrWhy(network: Network, params: FloatArray, examples: Examples): CollapseResult {
  try {
    return { collapse: networkCollapse(network, params, examples) };
  } catch (error) {
    if (!isArgumentError(error)) throw error;
    return { notMeasured: sentenceOf(error) };
  }
}
