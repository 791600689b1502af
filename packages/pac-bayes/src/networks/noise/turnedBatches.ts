import { gatherBatch, type Examples } from '@hyperribbon/nn';
import type { BoundStep } from '../descent/boundStep.js';
import type { KroneckerBasis } from '../gaussian/gaussianPosterior.js';
import { planRotation } from './planRotation.js';

/** Batches for a plan whose basis may move. */
export interface TurnedBatches {
  /** From now on in this basis: its matrices go to the plan, the inputs are turned where the plan wants them so. */
  take(basis: KroneckerBasis | undefined): void;
  /** Gives the plan the examples order[first], order[first + 1], … */
  collect(order: Int32Array, first: number): void;
}

/** @param rotate whether the plan takes inputs in the first layer's input basis */
export function turnedBatches(examples: Examples, plan: BoundStep, rotate: boolean): TurnedBatches {
  const { inputs, turnedInputs } = plan;
  const turn = rotate ? planRotation(examples) : undefined;
  let rotated = examples;
  return {
    take(basis) {
      const first = basis?.layers[0].input;
      if (turn !== undefined && first !== undefined) rotated = { ...examples, inputs: turn(first) };
      plan.bases.forEach((sides, l) => {
        const layer = basis?.layers[l];
        if (sides.input !== undefined && layer?.input !== undefined) sides.input.set(layer.input);
        if (sides.output !== undefined && layer?.output !== undefined) sides.output.set(layer.output);
      });
    },
    collect(order, first) {
      const { labels } = plan;
      gatherBatch(turnedInputs === undefined ? rotated : examples, order, first, { inputs, labels });
      if (turnedInputs !== undefined) gatherBatch(rotated, order, first, { inputs: turnedInputs, labels });
    },
  };
}
