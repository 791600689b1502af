import { add, dense, matmul, mul, reshape, sqrt, square, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { weightMatrix, type AffineMap, type Tap } from '@hyperribbon/autodiff/walk';
import type { Dtype } from '@hyperribbon/kernels';
import { networkProgram, type Network, type ParameterTensors } from '@hyperribbon/nn';
import { turnedBack, type LayerRotation } from './rotations.js';

/** Which coordinates the means are given in: the weights themselves, or the basis in which the deviations are. */
export type MeanCoordinates = 'weights' | 'basis';

export interface NoisyPass {
  /** one for each layer, or none for the coordinates of the weights */
  readonly rotations: readonly LayerRotation[];
  /** default `basis` */
  readonly meansIn?: MeanCoordinates;
  /** the inputs in the coordinates of the first layer's input basis, if they were turned beforehand */
  readonly turnedInputs?: Tensor | undefined;
}

/** What is drawn once per run, by name, and which maps are drawn anew for every example. The noise comes in this order. */
export interface NoisySplit {
  readonly names: readonly string[];
  readonly maps: readonly number[];
}

/** Weights N(mean, std²) in the coordinates of the basis, inputs, standard normal numbers. */
export interface NoisyInputs {
  readonly mean: ParameterTensors;
  readonly std: ParameterTensors;
  /** (batch, inputs), in the weights' coordinates; not used where means are in the basis and `turnedInputs` are given */
  readonly x: Tensor;
  readonly noise: readonly Tensor[];
}

/**
 * Logits of a network whose weights are random: the network's own program, with maps of its split replaced.
 *
 * Parameters that are drawn once are w = m + T (s ∘ ε), or T (m̃ + s ∘ ε) for means in the basis. A dense layer whose weights are drawn for every
 * example has, with h its input and a = h Aᵀ the input's coordinates, s the deviations in the basis and ε standard normal (batch, out),
 *
 *   means in the basis     z = (a M̃ + b̃ + √(a² S² + s_b²) ∘ ε) G
 *   means in the weights   z = h M + b + (√(a² S² + s_b²) ∘ ε) G
 *
 * which are equal for M̃ = A M Gᵀ, b̃ = G b and orthonormal bases. The entries before G are independent given h, those of z are not, as it should be.
 */
export function noisyLogits(
  network: Network,
  split: NoisySplit,
  { mean, std, x, noise }: NoisyInputs,
  pass: NoisyPass,
): Tensor {
  const traced = networkProgram(network, x.shape[0], x.dtype as Dtype);
  const params = drawnParameters(network, split.names, { mean, std, noise }, pass);
  const places = new Map(split.maps.map((map, i) => [map, noise[split.names.length + i]]));
  const tensorsOf = (map: AffineMap, of: ParameterTensors): { W: Tensor; b: Tensor | undefined } => {
    const bias = map.bias === undefined ? undefined : of[network.parameters[map.bias].name];
    return {
      W: weightMatrix(map, of[network.parameters[map.weight].name]),
      b: bias === undefined ? undefined : reshape(bias, [map.outputs]),
    };
  };
  return traced.run(params, x, ({ input, output }: Tap, i) => {
    const epsilon = places.get(i);
    if (epsilon === undefined) return output;
    const map = traced.maps[i];
    const { input: A, output: G } = pass.rotations[i] ?? {};
    const turned = i === 0 ? pass.turnedInputs : undefined;
    const a = turned ?? (A === undefined ? input : matmul(input, transpose(A)));
    const [M, S] = [tensorsOf(map, mean), tensorsOf(map, std)];
    const variance = dense(square(a), square(S.W), S.b === undefined ? undefined : square(S.b));
    const deviation = mul(sqrt(variance), epsilon);
    if (pass.meansIn === 'weights') return add(output, G === undefined ? deviation : matmul(deviation, G));
    const u = add(a === input ? output : dense(a, M.W, M.b), deviation);
    return G === undefined ? u : matmul(u, G);
  }).logits;
}

/** All parameters: those named are drawn, the others are their means. */
function drawnParameters(
  network: Network,
  names: readonly string[],
  { mean, std, noise }: Omit<NoisyInputs, 'x'>,
  { rotations, meansIn = 'basis' }: NoisyPass,
): ParameterTensors {
  if (names.length === 0) return mean;
  const deviations = Object.fromEntries(names.map((name, i) => [name, mul(std[name], noise[i])]));
  const plusMeans = (some: ParameterTensors): ParameterTensors => ({
    ...mean,
    ...Object.fromEntries(names.map((name) => [name, add(mean[name], some[name])])),
  });
  return meansIn === 'weights'
    ? plusMeans(turnedBack(network, deviations, rotations))
    : turnedBack(network, plusMeans(deviations), rotations);
}
