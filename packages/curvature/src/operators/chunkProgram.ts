import { type Spec, type Tensor, float32, float64, int32, trace } from '@hyperribbon/autodiff';
import type { Linearized } from '@hyperribbon/autodiff/programs';
import type { Dtype } from '@hyperribbon/kernels';
import { type Loss, type Network, weightsByName, weightsInOrder, parameterSpecs } from '@hyperribbon/nn';
import { type ChunkProduct, lossAndGradient } from './products.js';
import { splitProduct } from './splitProduct.js';

interface ChunkProgramOptions {
  readonly loss: Loss;
  readonly dtype: Dtype;
  /** spec of the answers, default labels */
  readonly answers?: Spec;
  /** whether examples count differently */
  readonly weighted?: boolean;
}

/**
 * The programs of a chunk of `rows` examples, split for products.
 *
 * primal: [weights…, x (rows, inputs), answers, drawn answers, shares (rows,) if there are any] → [summed loss, its
 * gradient…, residuals…]; tangent: [residuals…, direction…] → product…. The loss is that of the answers, labels (rows,) or
 * targets (rows, outputs); the product that of the drawn ones.
 */
export function chunkProgram(
  network: Network,
  product: ChunkProduct,
  rows: number,
  { loss, dtype, answers = int32(rows), weighted = false }: ChunkProgramOptions,
): Linearized {
  const weights = weightsInOrder(network, parameterSpecs(network, dtype));
  const x = (dtype === 'float64' ? float64 : float32)(rows, network.inputs);
  const whole = (
    weightList: readonly Tensor[],
    direction: readonly Tensor[],
    inputs: Tensor,
    given: Tensor,
    drawn: Tensor,
    shares?: Tensor,
  ): readonly [Tensor, readonly Tensor[], readonly Tensor[]] => {
    const [w, v] = [weightsByName(network, weightList), weightsByName(network, direction)];
    const { loss: total, gradient } = lossAndGradient(network, loss)(w, inputs, given, shares);
    return [total, weightsInOrder(network, gradient), weightsInOrder(network, product(w, v, inputs, drawn, shares))];
  };
  const shares = weighted ? [{ ...x, shape: [rows] }] : [];
  const { program } = trace(whole, [weights, weights, x, answers, answers, ...shares]);
  const count = network.parameters.length;
  return splitProduct(program, { weights: count, directions: count, once: 1 + count });
}
