import type { Program } from '../program.js';
import { apply } from '../trace/apply.js';
import { environment } from '../trace/replay.js';
import type { Tensor } from '../trace/tensor.js';
import type { AffineMap } from './affineMap.js';
import { unview, view } from './views.js';

/** What enters and leaves an affine map. */
export interface Tap {
  /** X (rows, inputs) */
  readonly input: Tensor;
  /** Y (rows, outputs), bias included, before it was changed */
  readonly output: Tensor;
}

export interface Tapped {
  /** the program's outputs */
  readonly outputs: readonly Tensor[];
  /** one for each map */
  readonly taps: readonly Tap[];
}

/**
 * Runs a program on tensors and tells what enters and leaves its affine maps. What leaves them may be changed: with noise, by another
 * law of the weights, or by zeros whose cotangents are those of the outputs.
 *
 * @param maps those of {@link affineMaps} of the same program
 * @param args tensors for the program's inputs
 * @param change gives Y (rows, outputs) of map i in place of what the program computes
 * @example
 * // δ of every map: the gradient of a loss by its outputs
 * const total = (zeros) => sum(loss(tap(program, maps, args, ({ output }, i) => add(output, zeros[i])).outputs[0]));
 * const deltas = grad(total)(maps.map((map) => full([rows, map.outputs], 0)));
 */
export function tap(
  program: Program,
  maps: readonly AffineMap[],
  args: readonly Tensor[],
  change?: (tap: Tap, map: number) => Tensor,
): Tapped {
  const env = environment(program, args);
  const ends = new Map(maps.map(({ output }, i) => [output, i]));
  const taps: Tap[] = [];
  for (const { op, inputs, output, params } of program.equations) {
    const values = inputs.map((value) => env[value]!);
    const made = apply(op, values, params);
    env[output] = made;
    const i = ends.get(output);
    if (i === undefined) continue;
    const { input, inputViews, outputViews } = maps[i];
    taps[i] = { input: view(env[input]!, inputViews), output: view(made, outputViews) };
    if (change !== undefined) env[output] = unview(change(taps[i], i), outputViews);
  }
  return { outputs: program.outputs.map((value) => env[value]!), taps };
}

/** W (inputs, outputs) of a map from an array like its weights: the weights themselves, their deviations, a direction. */
export function weightMatrix({ weightViews }: AffineMap, weights: Tensor): Tensor {
  return view(weights, weightViews);
}
