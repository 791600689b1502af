import type { PrimitiveName, Program } from '@hyperribbon/autodiff';
import { tap } from '@hyperribbon/autodiff/walk';
import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, type Network, networkProgram, runInBatches, weightsInOrder } from '@hyperribbon/nn';

/** How near a network is to bending on some examples. */
export interface Kinks {
  /** smallest |z| over all examples and all z that enter a rectifier or an absolute value; Number.MAX_VALUE where there are none */
  readonly margin: number;
  /** units: numbers of an example that enter one */
  readonly units: number;
  /** units whose z has one sign on all examples, of `units` */
  readonly settled: number;
  /** units whose z is below zero on all examples */
  readonly dead: number;
  /** some rectifier passes nothing of any example */
  readonly blocked: boolean;
  /** share of settled units for each rectifier, in the order of the network */
  readonly layers: readonly number[];
}

const bending: ReadonlySet<PrimitiveName> = new Set(['relu', 'abs']);

/**
 * Pre-activations of a network on examples: how far from zero they stay, and whether the set of active units is the same for all examples.
 *
 * @param params flat weights (size,)
 * Cost: one forward pass in float64
 * @example
 * const net = mlp([2, 3, 2], { activation: 'relu' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * kinksOf(net, new Float64Array(net.size).fill(1), examples).margin; // 2
 */
export function kinksOf(network: Network, params: FloatArray, examples: AnyExamples): Kinks {
  const ranges: { least: Float64Array; most: Float64Array }[] = [];
  let margin = Number.MAX_VALUE;
  if (entering(networkProgram(network, 1).program).length === 0) return summary(ranges, margin);
  const settings = { dtype: 'float64', deterministic: true, batchSize: Math.min(500, examples.count) } as const;
  runInBatches(
    network,
    params,
    examples,
    settings,
    (rows) => {
      const { program } = networkProgram(network, rows);
      const shown = { ...program, outputs: entering(program) };
      return (weights, x) => tap(shown, [], [...weightsInOrder(network, weights), x]).outputs;
    },
    (values, first) => {
      const rows = Math.min(settings.batchSize, examples.count - first);
      (values as readonly FloatArray[]).forEach((z, layer) => {
        const units = z.length / rows;
        const range = (ranges[layer] ??= {
          least: new Float64Array(units).fill(Infinity),
          most: new Float64Array(units).fill(-Infinity),
        });
        for (let i = 0; i < z.length; i++) {
          const unit = i % units;
          range.least[unit] = Math.min(range.least[unit], z[i]);
          range.most[unit] = Math.max(range.most[unit], z[i]);
          margin = Math.min(margin, Math.abs(z[i]));
        }
      });
    },
  );
  return summary(ranges, margin);
}

/** Values that enter a rectifier or an absolute value, in the order of the program. */
function entering({ equations }: Program): number[] {
  return equations.filter(({ op }) => bending.has(op)).map(({ inputs }) => inputs[0]);
}

function summary(
  ranges: readonly { readonly least: Float64Array; readonly most: Float64Array }[],
  margin: number,
): Kinks {
  let [units, settled, dead] = [0, 0, 0];
  let blocked = false;
  const layers = ranges.map(({ least, most }) => {
    const active = least.reduce((count, z) => count + (z > 0 ? 1 : 0), 0);
    const off = most.reduce((count, z) => count + (z < 0 ? 1 : 0), 0);
    units += least.length;
    settled += active + off;
    dead += off;
    if (off === least.length) blocked = true;
    return (active + off) / least.length;
  });
  return { margin, units, settled, dead, blocked, layers };
}
