import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, type Network, networkProgram, runInBatches } from '@hyperribbon/nn';

/**
 * What enters or leaves a layer of a network, row after row: (count · positions, inputs or outputs).
 *
 * @param layer its number among the network's affine maps
 * Cost: one forward pass in float64 and the rows
 */
export function tapRows(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  layer: number,
  side: 'input' | 'output',
): Float64Array {
  const { positions, inputs, outputs } = networkProgram(network, 1).maps[layer];
  const length = positions * (side === 'input' ? inputs : outputs);
  const rows = new Float64Array(examples.count * length);
  runInBatches(
    network,
    params,
    examples,
    { dtype: 'float64', deterministic: true, batchSize: Math.min(500, examples.count) },
    (count) => {
      const program = networkProgram(network, count);
      return (weights, x) => program.run(weights, x).taps[layer][side];
    },
    (values, first) => rows.set(values as FloatArray, first * length),
  );
  return rows;
}
