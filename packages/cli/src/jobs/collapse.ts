import { isArgumentError, sentenceOf } from '@hyperribbon/contract';
import { type NeuralCollapse, networkCollapse } from '@hyperribbon/complexity';
import { type Examples, networkFromData } from '@hyperribbon/nn';
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
  try {
    const network = networkFromData(model.network);
    const collapse = networkCollapse(network, Float64Array.from(model.params), head(examples, collapseExamples));
    return { collapse };
  } catch (error) {
    if (!isArgumentError(error)) throw error;
    return { notMeasured: sentenceOf(error) };
  }
}
