import { type Spec, type Tensor, float32, float64, int32, trace } from '@hyperribbon/autodiff';
import type { Linearized } from '@hyperribbon/autodiff/programs';
import type { Dtype } from '@hyperribbon/kernels';
import { type Loss, type Network, weightsByName, weightsInOrder, parameterSpecs } from '@hyperribbon/nn';
import { type ChunkProduct, lossAndGradient } from './products.js';
import { remadeResiduals } from './remadeResiduals.js';
import { splitProduct } from './splitProduct.js';

interface ChunkProgramOptions {
  readonly loss: Loss;
  readonly dtype: Dtype;
  /** spec of the answers, default labels */
  readonly answers?: Spec;
  /** whether the product sees answers of its own */
  readonly drawn?: boolean;
  /** whether examples count differently */
  readonly weighted?: boolean;
}

/**
 * The programs of a chunk of `rows` examples, split for products.
 *
 * primal: [weights…, x (rows, inputs), answers, drawn answers and shares (rows,) if there are any] → [summed loss, its
 * gradient…, residuals…]; tangent: [residuals…, direction…] → product…. The loss is that of the answers, labels (rows,) or
 * targets (rows, outputs); the product that of the drawn ones.
 */
export function chunkProgram(
  network: Network,
  product: ChunkProduct,
  rows: number,
  { loss, dtype, answers = int32(rows), drawn = false, weighted = false }: ChunkProgramOptions,
): Linearized {
  const weights = weightsInOrder(network, parameterSpecs(network, dtype));
  const x = (dtype === 'float64' ? float64 : float32)(rows, network.inputs);
  const whole = (
    weightList: readonly Tensor[],
    direction: readonly Tensor[],
    inputs: Tensor,
    given: Tensor,
    ...rest: readonly Tensor[]
  ): readonly [Tensor, readonly Tensor[], readonly Tensor[]] => {
    const [w, v] = [weightsByName(network, weightList), weightsByName(network, direction)];
    // answers that are given twice would have all that depends on them computed twice
    const [own, shares] = drawn ? rest : [given, ...rest];
    const { loss: total, gradient } = lossAndGradient(network, loss)(w, inputs, given, shares);
    return [total, weightsInOrder(network, gradient), weightsInOrder(network, product(w, v, inputs, own, shares))];
  };
  const rest = [...(drawn ? [answers] : []), ...(weighted ? [{ ...x, shape: [rows] }] : [])];
  const { program } = trace(whole, [weights, weights, x, answers, ...rest]);
  const count = network.parameters.length;
  const once = 1 + count;
  return remadeResiduals(splitProduct(program, { weights: count, directions: count, once }), once);
}
