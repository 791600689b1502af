import { type Linearized, type Tensor, float32, float64, int32, trace } from '@hyperribbon/autodiff';
import type { Dtype } from '@hyperribbon/kernels';
import { type Loss, type Network, weightsByName, weightsInOrder, parameterSpecs } from '@hyperribbon/nn';
import { type ChunkProduct, lossAndGradient } from './products.js';
import { splitProduct } from './splitProduct.js';

/**
 * The programs of a chunk of `rows` examples, split for products.
 *
 * primal: [weights…, x (rows, inputs), labels (rows,), drawn labels (rows,)] → [summed loss, its gradient…, residuals…];
 * tangent: [residuals…, direction…] → product…. The loss is that of `labels`, the product that of the drawn ones.
 */
export function chunkProgram(
  network: Network,
  product: ChunkProduct,
  rows: number,
  { loss, dtype }: { readonly loss: Loss; readonly dtype: Dtype },
): Linearized {
  const weights = weightsInOrder(network, parameterSpecs(network, dtype));
  const x = (dtype === 'float64' ? float64 : float32)(rows, network.inputs);
  const whole = (
    weightList: readonly Tensor[],
    direction: readonly Tensor[],
    inputs: Tensor,
    labels: Tensor,
    drawn: Tensor,
  ): readonly [Tensor, readonly Tensor[], readonly Tensor[]] => {
    const [w, v] = [weightsByName(network, weightList), weightsByName(network, direction)];
    const { loss: total, gradient } = lossAndGradient(network, loss)(w, inputs, labels);
    return [total, weightsInOrder(network, gradient), weightsInOrder(network, product(w, v, inputs, drawn))];
  };
  const { program } = trace(whole, [weights, weights, x, int32(rows), int32(rows)]);
  const count = network.parameters.length;
  return splitProduct(program, { weights: count, directions: count, once: 1 + count });
}
