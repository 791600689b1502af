import {
  type Examples,
  floatArray,
  type FloatArray,
  refuse,
  requireFiniteEntries,
  requireInteger,
  requireOneOf,
  requirePositive,
  requireSeed,
} from '@hyperribbon/contract';

/** How large a perturbation is, and where pixels end. */
export interface PerturbationOptions {
  /** of every perturbation, in `norm`, before pixels are clipped */
  readonly size?: number;
  /** which norm `size` is: 'l2' (default) over all numbers of an example, or 'linf', the largest of them */
  readonly norm?: 'l2' | 'linf';
  /** the range that perturbed inputs are cut to; default [0, 1]; 'none' leaves them as they are */
  readonly clip?: readonly [number, number] | 'none';
  /** names the draws, integer ≥ 0; default 0 */
  readonly seed?: number;
}

/** Examples with a perturbation on every input, which teach a network the perturbations in place of the classes. */
export interface Poisoned {
  /** labels are those given */
  readonly examples: Examples;
  /** (count, features): what was added, after clipping, in the precision of the inputs */
  readonly perturbations: FloatArray;
  readonly size: number;
  readonly norm: 'l2' | 'linf';
  /** share of the numbers that clipping changed */
  readonly clipped: number;
}

/** Channels, height and width of an example; one row of one channel where its shape does not say. */
export function imageShape({ shape, features }: Examples): readonly [number, number, number] {
  return shape?.length === 3 ? [shape[0], shape[1], shape[2]] : [1, 1, features];
}

/** Options as they were taken out of others, where what is absent is undefined. */
type Given<T> = { readonly [K in keyof T]-?: T[K] | undefined };

/** Checked options of a perturbation. */
export function settledPerturbation(
  caller: string,
  { size, norm = 'l2', clip = [0, 1], seed = 0 }: Given<PerturbationOptions>,
  usual: number,
): Required<PerturbationOptions> {
  const settled = { size: size ?? usual, norm, clip, seed };
  requirePositive(caller, 'size', settled.size);
  requireOneOf(caller, 'norm', norm, ['l2', 'linf']);
  requireSeed(caller, seed);
  if (clip !== 'none' && !(Array.isArray(clip) && clip.length === 2 && clip[0] < clip[1]))
    refuse(caller, `clip must be [least, most] or 'none', got ${String(clip)}`);
  return settled;
}

/**
 * Adds a perturbation to every example.
 *
 * @param draw writes the perturbation of example i, of any size but 0
 */
export function perturbed(
  caller: string,
  examples: Examples,
  { size, norm, clip }: Required<PerturbationOptions>,
  draw: (i: number, out: Float64Array) => void,
): Poisoned {
  const { inputs, count, features } = examples;
  const dtype = inputs.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
  const changed = floatArray(dtype, inputs);
  const perturbations = floatArray(dtype, inputs.length);
  const delta = new Float64Array(features);
  let clipped = 0;
  for (let i = 0; i < count; i++) {
    draw(i, delta);
    const scale = size / sizeOf(caller, delta, norm, i);
    for (let j = 0, k = i * features; j < features; j++, k++) {
      const wanted = inputs[k] + scale * delta[j];
      const kept = clip === 'none' ? wanted : Math.min(Math.max(wanted, clip[0]), clip[1]);
      if (kept !== wanted) clipped++;
      changed[k] = kept;
      perturbations[k] = changed[k] - inputs[k];
    }
  }
  return { examples: { ...examples, inputs: changed }, perturbations, size, norm, clipped: clipped / inputs.length };
}

function sizeOf(caller: string, delta: Float64Array, norm: 'l2' | 'linf', i: number): number {
  let [squares, most] = [0, 0];
  for (let j = 0; j < delta.length; j++) {
    squares += delta[j] * delta[j];
    most = Math.max(most, Math.abs(delta[j]));
  }
  const size = norm === 'l2' ? Math.sqrt(squares) : most;
  if (!(size > 0 && size < Infinity))
    refuse(caller, `the perturbation of example ${i} has size ${size}: it cannot be scaled; give other processes`);
  return size;
}

/** @throws ArgumentError for examples without labels, count or inputs that fit */
export function requireImages(caller: string, examples: Examples): void {
  const { inputs, labels, count, features, classes } = examples;
  requireInteger(caller, 'examples.count', count, 1);
  requireInteger(caller, 'examples.classes', classes, 2);
  if (inputs.length !== count * features)
    refuse(caller, `inputs must hold count × features = ${count * features} numbers, got ${inputs.length}`);
  if (labels?.length !== count) refuse(caller, `examples must have ${count} labels, got ${labels?.length}`);
  requireFiniteEntries(caller, 'inputs', inputs);
  const wrong = labels.findIndex((label) => !(label >= 0 && label < classes));
  if (wrong >= 0) refuse(caller, `labels must be in [0, ${classes - 1}], got ${labels[wrong]} in example ${wrong}`);
}
