import { type Program, reshape } from '@hyperribbon/autodiff';
import { tap } from '@hyperribbon/autodiff/walk';
import { type OnProgress, throwIfAborted } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  logits,
  lossFromData,
  type Network,
  networkProgram,
  sizeOf,
  weightsInOrder,
} from '@hyperribbon/nn';
import { costCurvature } from './costCurvature.js';
import { type CurvatureSplit, curvatureSplit, type CurvatureSplitOptions } from './curvatureSplit.js';
import { jacobianNorms } from './jacobianNorms.js';
import { type LayerFactor, layerFactors, overExamples, type OverExamples } from './layerFactors.js';
import type { JacobianNorms } from './sharpnessTypes.js';

export type SharpnessFactorsOptions = CurvatureSplitOptions;

/** Sharpness, input-output Jacobian, and what stands between them. Plain data. */
export interface SharpnessFactors extends CurvatureSplit {
  /** of the outputs by the inputs */
  readonly jacobian: JacobianNorms;
  /** ‖D²c_i‖₂ of the losses by the outputs */
  readonly costCurvature: OverExamples;
  /** λ_max(G) / λ_max of the tangent kernel: the losses' curvature where it counts, at most max ‖D²c_i‖; NaN for a kernel of zeros */
  readonly effectiveCurvature: number;
  /** ‖D f_l‖ of every affine layer */
  readonly layers: readonly LayerFactor[];
  /** ‖J f_1‖ of what enters the second affine layer by the inputs: the one Jacobian that the Gauss-Newton matrix has not; absent where there is one layer */
  readonly firstLayer?: JacobianNorms;
}

/**
 * What mediates between the sharpness λ_max(H) and the norms of input-output Jacobians.
 *
 * H = G + R, and G has the spectrum of a sum over layers l of products of B_i (from D²c_i = B_i B_iᵀ), the Jacobians of the layers after l and the derivative
 * D f_l of layer l by its own parameters; the Jacobian of the first layer is in none of them. Sharpness follows ‖J f‖ as long as these factors stay: with
 * plain cross-entropy D²c_i goes to 0 as examples are fitted, and sharpness falls while ‖J f‖ grows.
 *
 * That a larger Jacobian causes a sharper loss is an ansatz, not a theorem: what is given here are its terms. [macdonald2023]
 *
 * @param params flat weights (size,)
 * @throws as {@link curvatureSplit}, {@link jacobianNorms}
 * Cost: four searches for an eigenvalue, and min(outputs, features) products for all examples
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { sharpness, jacobian, costCurvature } = await sharpnessFactors(net, net.init(1), examples);
 */
export async function sharpnessFactors(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  options: SharpnessFactorsOptions = {},
): Promise<SharpnessFactors> {
  const { loss = { kind: 'softmax-cross-entropy' }, dtype = 'float64', deterministic = false, signal } = options;
  const { onProgress, ...quiet } = options;
  const stages = 6;
  const stage = (done: number): { readonly onProgress?: OnProgress<string> } =>
    onProgress === undefined
      ? {}
      : {
          onProgress: ({ done: part, of, detail }) =>
            onProgress({ done: done + part / of, of: stages, detail: detail! }),
        };
  const split = await curvatureSplit(network, params, examples, {
    ...quiet,
    ...(onProgress && { onProgress: ({ done, detail }) => onProgress({ done, of: stages, detail: detail! }) }),
  });
  const arithmetic = { dtype, deterministic, ...(signal && { signal }) };
  const { norms: _norms, ...jacobian } = await jacobianNorms(network, params, examples, { ...arithmetic, ...stage(4) });
  const first = firstLayerOf(network);
  const { norms: _first, ...firstLayer } = first
    ? await jacobianNorms(first, params, examples, { ...arithmetic, ...stage(5) })
    : { norms: undefined };
  throwIfAborted('sharpnessFactors', signal);
  const outputs = logits(network, params, examples, { dtype, deterministic });
  return {
    ...split,
    jacobian,
    costCurvature: overExamples(costCurvature(outputs, examples, lossFromData(loss), { dtype, deterministic })),
    effectiveCurvature: split.gaussNewton.value / split.tangent.value,
    layers: layerFactors(network, params, examples, { dtype, deterministic }),
    ...(first && { firstLayer: firstLayer as JacobianNorms }),
  };
}

/** The network up to what enters its second affine map, as one output for each number of an example. */
function firstLayerOf(network: Network): Network | undefined {
  const { program, maps } = networkProgram(network, 1);
  if (maps.length < 2) return undefined;
  const width = sizeOf(program.values[beforePatches(program, maps[1].input)].shape);
  return {
    ...network,
    classes: width,
    apply: (params, x) => {
      const [batch] = x.shape;
      const traced = networkProgram(network, batch, x.dtype as Dtype);
      const value = beforePatches(traced.program, traced.maps[1].input);
      const upTo = { ...traced.program, outputs: [value] };
      return reshape(tap(upTo, [], [...weightsInOrder(network, params), x]).outputs[0], [batch, width]);
    },
  };
}

/** The image whose patches a value holds, or the value itself. */
function beforePatches({ equations }: Program, value: number): number {
  const equation = equations.find(({ output }) => output === value);
  return equation?.op === 'im2col' ? equation.inputs[0] : value;
}
