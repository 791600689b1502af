import { activation, add, dense, matmul, mul, reshape, sqrt, square, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Network, ParameterTensors } from '@hyperribbon/nn';

/** The bases of one dense layer as tensors, rows are directions; a missing one is the identity. */
export interface LayerRotation {
  readonly input?: Tensor | undefined;
  readonly output?: Tensor | undefined;
}

/** Which coordinates the means are given in: the weights themselves, or the basis in which the deviations are. */
export type MeanCoordinates = 'weights' | 'basis';

export interface LocalPass {
  readonly rotations: readonly LayerRotation[];
  /** default `basis` */
  readonly meansIn?: MeanCoordinates;
  /** the inputs in the coordinates of the first layer's input basis, if they were turned beforehand */
  readonly turnedInputs?: Tensor | undefined;
}

/**
 * Logits of a dense network whose weights are drawn for every example, by local reparametrisation.
 *
 * With h the layer's input and a = h Aᵀ its coordinates, s the deviations in the basis and ε standard normal (batch, out):
 *
 *   means in the basis     z = (a M̃ + b̃ + √(a² S² + s_b²) ∘ ε) G
 *   means in the weights   z = h M + b + (√(a² S² + s_b²) ∘ ε) G
 *
 * which are equal for M̃ = A M Gᵀ, b̃ = G b and orthonormal bases.
 * @param x (batch, inputs), in the weights' coordinates; not used where means are in the basis and `turnedInputs` are given
 */
export function localLogits(
  network: Network,
  mean: ParameterTensors,
  std: ParameterTensors,
  x: Tensor,
  noise: readonly Tensor[],
  { rotations, meansIn = 'basis', turnedInputs }: LocalPass,
): Tensor {
  const name = network.dense?.activation ?? 'linear';
  const layers = rotations.length;
  let h = x;
  for (let l = 0; l < layers; l++) {
    const { input, output } = rotations[l];
    const given = l === 0 ? turnedInputs : undefined;
    const a = given ?? (input === undefined ? h : matmul(h, transpose(input)));
    const [W, b] = [`W${l + 1}`, `b${l + 1}`];
    const variance = dense(square(a), square(std[W]), square(std[b]));
    const deviation = mul(sqrt(variance), noise[l]);
    let z: Tensor;
    if (meansIn === 'weights') {
      z = add(dense(h, mean[W], mean[b]), output === undefined ? deviation : matmul(deviation, output));
    } else {
      const u = add(dense(a, mean[W], mean[b]), deviation);
      z = output === undefined ? u : matmul(u, output);
    }
    h = l < layers - 1 ? activation(name)(z) : z;
  }
  return h;
}

/** Logits of a dense network whose weights are drawn once for the whole batch: w = m + T (s ∘ ε), or T (m̃ + s ∘ ε) for means in the basis. */
export function drawnLogits(
  network: Network,
  mean: ParameterTensors,
  std: ParameterTensors,
  x: Tensor,
  noise: readonly Tensor[],
  { rotations, meansIn = 'basis' }: Pick<LocalPass, 'rotations' | 'meansIn'>,
): Tensor {
  const deviations = Object.fromEntries(network.parameters.map(({ name }, i) => [name, mul(std[name], noise[i])]));
  const plus = (a: ParameterTensors, b: ParameterTensors): ParameterTensors =>
    Object.fromEntries(network.parameters.map(({ name }) => [name, add(a[name], b[name])]));
  const drawn =
    meansIn === 'weights'
      ? plus(mean, turnedBack(deviations, rotations))
      : turnedBack(plus(mean, deviations), rotations);
  return network.apply(drawn, x);
}

/** The inverse of {@link turnedMeans} for orthonormal bases: W = Aᵀ W̃ G, b = Gᵀ b̃. */
function turnedBack(coordinates: ParameterTensors, rotations: readonly LayerRotation[]): ParameterTensors {
  return turnedMeans(
    coordinates,
    rotations.map(({ input, output }) => ({
      input: input === undefined ? undefined : transpose(input),
      output: output === undefined ? undefined : transpose(output),
    })),
  );
}

/** Means in the coordinates of the bases: W̃ = A W Gᵀ, b̃ = G b, layer by layer. */
export function turnedMeans(mean: ParameterTensors, rotations: readonly LayerRotation[]): ParameterTensors {
  const out: Record<string, Tensor> = { ...mean };
  rotations.forEach(({ input, output }, l) => {
    const [W, b] = [`W${l + 1}`, `b${l + 1}`];
    if (input !== undefined) out[W] = matmul(input, out[W]);
    if (output !== undefined) {
      out[W] = matmul(out[W], transpose(output));
      out[b] = reshape(matmul(reshape(out[b], [1, out[b].shape[0]]), transpose(output)), [out[b].shape[0]]);
    }
  });
  return out;
}
