import { compile, float64, full, type PrimitiveName, type Program, type Tensor, trace } from '@hyperribbon/autodiff';
import { homogeneity } from '@hyperribbon/autodiff/walk';
import { requireNoOthers, requireWithin } from '@hyperribbon/contract';
import { type FloatArray, log, pow } from '@hyperribbon/kernels';
import { foldBatchNorm, type Network, parameterSpecs, requireWeights, unflatten } from '@hyperribbon/nn';
import { type Outcome, undefinedFor } from './asMeasure.js';

export interface PathNormOptions {
  /** p in [1, 100] of Σ over paths of Π |w|^p, default 2 */
  readonly power?: number;
}

/** A sum over all paths from an input or a bias to an output. */
export interface PathNorm {
  /** ln Σ over paths of Π |w|^p; −∞ of zero weights, NaN where it is undefined */
  readonly logSum: number;
  /** ln of the norm itself, the p-th root of the sum */
  readonly logNorm: number;
  readonly undefinedBecause?: string;
}

/**
 * The path norm of a network: Σ over paths from inputs and biases to outputs of the product of |w|^p along the path, which is the sum of the outputs of the network
 * with parameters |w|^p at the all-ones input. The measure path-norm is the sum for p = 2, as in the sources; `logNorm` has the root.
 *
 * Batch norms are folded first, so that biases that they leave are paths, too. All numbers on the way are non-negative: rectifiers let them pass, average
 * pooling weighs them, and maximum pooling takes the largest sum under its window, as the code of the sources does. Other operations (tanh, attention, layer
 * norms, batch norms that no layer precedes) have no paths: then the norm is undefined and says which operation it was.
 *
 * @param params flat weights (size,)
 * @throws ArgumentError for weights that do not fit or are not finite, and p out of range
 * Source: [neyshabur2015] defines it, [jiang2020, equation 44] as in the code of [dziugaite2020]. Cost: traces the network, one forward pass of one example
 * @example
 * const net = mlp([3, 2, 1], { activation: 'relu' });
 * const { logSum } = pathNorm(net, new Float64Array(net.size).fill(1));
 * Math.exp(logSum); // 9: 3 · 2 paths from inputs, 2 and 1 from biases
 */
export function pathNorm(
  network: Network,
  params: FloatArray,
  { power = 2, ...others }: PathNormOptions = {},
): PathNorm {
  requireNoOthers('pathNorm', others, 'PathNormOptions');
  requireWithin('pathNorm', 'power', power, 1, 100);
  requireWeights('pathNorm', 'params', network, params);
  const none = (undefinedBecause: string): PathNorm => ({ logSum: NaN, logNorm: NaN, undefinedBecause });
  if (network.vocabulary !== undefined) return none('its inputs are tokens: there is no all-ones input');
  const { network: folded, params: weights } = foldBatchNorm(network, params);
  const arrays = Object.entries(unflatten(folded, Float64Array.from(weights)));
  // an array of zeros is no path: left out of the program, so that what is scaled is what is there
  const zeros = new Set(arrays.filter(([, array]) => array.every((w) => w === 0)).map(([name]) => name));
  const forward = (given: Readonly<Record<string, Tensor>>, x: Tensor): Tensor =>
    folded.apply(
      Object.fromEntries(
        folded.parameters.map(({ name, shape }) => [name, zeros.has(name) ? full(shape, 0, x.dtype) : given[name]]),
      ),
      x,
    );
  const specs = [parameterSpecs(folded, 'float64'), float64(1, folded.inputs)] as const;
  const { program } = trace(forward, specs);
  const foreign = operationWithoutPaths(program, folded.parameters.length);
  if (foreign !== undefined) return none(`${foreign} is no rectifier, pooling or sum: there are no paths through it`);
  const run = compile(forward, specs, { deterministic: true });
  const ones = new Float64Array(folded.inputs).fill(1);
  const at = (scales: readonly number[]): number => {
    const powers = arrays.map(([name, array], i): [string, Float64Array] => [
      name,
      array.map((w) => raised(w / scales[i], power)),
    ]);
    return log((run(Object.fromEntries(powers), ones) as Float64Array).reduce((sum, z) => sum + z, 0));
  };
  const { logValue, undefinedBecause } = inRange(
    program,
    arrays.map(([, array]) => array),
    power,
    at,
  );
  return undefinedBecause === undefined ? { logSum: logValue, logNorm: logValue / power } : none(undefinedBecause);
}

function raised(w: number, power: number): number {
  const size = Math.abs(w);
  if (power === 2) return size * size;
  return power === 1 ? size : size === 0 ? 0 : pow(size, power);
}

/** A result that neither overflowed nor vanished: where the weights as they are give none, with every array divided by its largest entry. */
function inRange(
  program: Program,
  arrays: readonly Float64Array[],
  power: number,
  at: (scales: readonly number[]) => number,
): Outcome {
  const direct = at(arrays.map(() => 1));
  // e^±600: far enough from where float64 ends that no path that counts has vanished
  if (Math.abs(direct) < 600) return { logValue: direct };
  const tops = arrays.map((array) => array.reduce((top, w) => Math.max(top, Math.abs(w)), 0) || 1);
  let scaled = 0;
  for (const [i, top] of tops.entries()) {
    const { degree } = homogeneity(program, [i]);
    if (degree === undefined) return outOfRange(direct);
    scaled += power * degree * log(top);
  }
  return { logValue: at(tops) + scaled };
}

function outOfRange(direct: number): Outcome {
  // with biases layers cannot be scaled one by one; −∞ alone cannot be told from what vanished
  return undefinedFor(
    direct > 0
      ? 'the sum over its paths overflows, and biases do not let its layers be scaled one by one'
      : 'the sum over its paths vanishes below 1e-260, and biases do not let its layers be scaled one by one',
  );
}

/** Linear, or the identity where what enters is not negative. */
const passing: ReadonlySet<PrimitiveName> = new Set([
  ...(['add', 'relu', 'abs', 'max', 'broadcast', 'reshape', 'transpose', 'slice', 'pad', 'concatenate'] as const),
  ...(['reduceSum', 'reduceMax', 'im2col', 'averagePool', 'argmaxPool', 'gatherFlat', 'greater', 'step'] as const),
  ...(['select', 'convert', 'stopGradient'] as const),
]);
/** Linear in each operand: a path leads through one of them. */
const products: ReadonlySet<PrimitiveName> = new Set(['mul', 'matmul', 'depthwise']);

/**
 * The first operation on what comes from the examples that is no sum, rectifier or pooling.
 *
 * @param examples number of the examples among the program's inputs
 */
function operationWithoutPaths({ inputs, equations }: Program, examples: number): PrimitiveName | undefined {
  const moving = new Set([inputs[examples]]);
  for (const { op, inputs: from, output } of equations) {
    const reached = from.filter((value) => moving.has(value)).length;
    if (reached === 0) continue;
    const passes = passing.has(op) || (products.has(op) && reached === 1) || (op === 'div' && !moving.has(from[1]));
    if (!passes) return op;
    moving.add(output);
  }
  return undefined;
}
