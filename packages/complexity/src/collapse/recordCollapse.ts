import { type ExampleInputs, refuse, requireBetween, requireInteger, requirePositive } from '@hyperribbon/contract';
import type { Examples, TrainHook } from '@hyperribbon/nn';
import { type LayerCollapse, type LayerCollapseOptions, layersOfRun } from './layerCollapse.js';
import { type LayerRanks, layerRanks } from './layerRanks.js';
import { collapseOfRun } from './networkCollapse.js';
import type { NeuralCollapse } from './neuralCollapse.js';
import { settledRun } from './networkFeatures.js';
import { orthogonalityOfRun } from './networkOrthogonality.js';
import type { Orthogonality } from './orthogonality.js';

export interface RecordCollapseOptions extends LayerCollapseOptions {
  /** only every so many epochs, and the start; default 1 */
  readonly every?: number;
  /** whether all representations are measured, and not the last alone; default false */
  readonly layers?: boolean;
  /** inputs of examples of no class: NC5 is measured, too */
  readonly outside?: ExampleInputs;
}

/** Collapse at one moment of training. */
export interface CollapseMoment {
  /** done */
  readonly steps: number;
  readonly epochs: number;
  /** NC1 to NC4; its `error` is that on the examples */
  readonly collapse: NeuralCollapse;
  /** of the weights */
  readonly ranks: readonly LayerRanks[];
  /** where it was asked for */
  readonly layers?: readonly LayerCollapse[];
  /** NC5, where examples of no class were given */
  readonly orthogonality?: Orthogonality;
}

/**
 * A hook that measures neural collapse and the ranks of layers at checkpoints of a run, in evaluation mode with the buffers of the moment:
 * `hooks: [recorder]`, then `recorder.moments`. Handed to the run that resumes another, it goes on where it stood.
 *
 * @param examples whose collapse is measured; all training examples, in the papers
 * @throws ArgumentError for options out of range, and in the run as {@link networkCollapse}
 * Cost: that of {@link networkCollapse} and {@link layerRanks}, with `layers` of {@link layerCollapse}, at every checkpoint
 * @example
 * const collapse = recordCollapse(digits.train, { every: 2 });
 * await train(net, digits.train, { epochs: 10, hooks: [collapse] });
 * collapse.moments.map(({ collapse: { variability } }) => variability.trace); // six values of NC1
 */
export function recordCollapse(
  examples: Examples,
  {
    every = 1,
    layers = false,
    outside,
    tolerance = 1e-3,
    widest = 1024,
    memoryLimit = 2 ** 28,
    ...options
  }: RecordCollapseOptions = {},
): Required<Pick<TrainHook, 'onCheckpoint'>> & { readonly moments: CollapseMoment[] } {
  requireInteger('recordCollapse', 'every', every, 1);
  requireBetween('recordCollapse', 'tolerance', tolerance, 0, 1);
  requireInteger('recordCollapse', 'widest', widest, 0);
  requirePositive('recordCollapse', 'memoryLimit', memoryLimit);
  if (typeof layers !== 'boolean') refuse('recordCollapse', `layers must be true or false, got ${String(layers)}`);
  const moments: CollapseMoment[] = [];
  return {
    moments,
    onCheckpoint({ steps, checkpoint, network, weights }) {
      const epochs = checkpoint.history.length;
      if (steps <= (moments.at(-1)?.steps ?? -1) || epochs % every !== 0) return;
      const now = network();
      const run = settledRun('recordCollapse', now, weights, examples, options, 'RecordCollapseOptions');
      moments.push({
        steps,
        epochs,
        collapse: collapseOfRun('recordCollapse', run),
        ranks: layerRanks(now, weights, tolerance),
        ...(layers && { layers: layersOfRun('recordCollapse', run, { tolerance, widest, memoryLimit }) }),
        ...(outside && { orthogonality: orthogonalityOfRun('recordCollapse', run, outside, {}) }),
      });
    },
  };
}
