import { evaluate, mlp, networkFromData, type Examples, type Network } from '@hyperribbon/nn';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Model } from './model.js';
import { head } from './splits.js';

/** Weights of a file that does not say what they are, read in another way. */
export interface Reading {
  /** "as mlp:relu", "with its square matrices transposed" */
  readonly how: string;
  readonly loss: number;
  readonly error: number;
}

/** A loss this much smaller is no accident of a network that was trained as it was given. */
const clearly = 0.8;

const activations = ['tanh', 'relu', 'sigmoid', 'gelu', 'silu', 'softplus'] as const;

/**
 * The way of reading the weights of a dense network that has the least loss, if it is another than the given one and has a clearly
 * smaller loss: another activation, square matrices stored (out, in), or both. Shapes cannot tell these apart.
 *
 * Cost: 11 forward passes over at most 1,000 examples.
 */
export async function betterReading(
  { network: data, params }: Model,
  examples: Examples,
): Promise<Reading | undefined> {
  const network = networkFromData(data);
  const [family, activation, widths] = network.name.split(':');
  if (family !== 'mlp') return undefined;
  const some = head(examples, 1000);
  const turned = transposed(network, params);
  let best: Reading | undefined;
  let given = Infinity;
  for (const other of activations)
    for (const square of turned === undefined ? [false] : [false, true]) {
      const read = mlp(widths.split(',').map(Number), { activation: other });
      const { loss, error } = await evaluate(read, square ? turned! : params, some);
      if (other === activation && !square) given = loss;
      const how = [
        ...(other === activation ? [] : [`as mlp:${other}`]),
        ...(square ? ['with its square matrices transposed'] : []),
      ].join(' and ');
      if (how !== '' && (best === undefined || loss < best.loss)) best = { how, loss, error };
    }
  return best !== undefined && best.loss < clearly * given ? best : undefined;
}

/** The weights with every square matrix transposed; undefined where there is none. */
function transposed({ parameters }: Network, params: FloatArray): FloatArray | undefined {
  const turned = params.slice();
  let at = 0;
  let found = false;
  for (const { shape } of parameters) {
    const [rows, columns] = shape;
    const size = shape.reduce((a, b) => a * b, 1);
    if (shape.length === 2 && rows === columns && rows > 1) {
      found = true;
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < rows; j++) turned[at + j * rows + i] = params[at + i * rows + j];
    }
    at += size;
  }
  return found ? turned : undefined;
}
