import { constantSchedule, type Examples, flatten, mlp, momentum, type NormBias, train } from '@hyperribbon/nn';

export function numbers(count: number, seed: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => (((i * 7919 + i * i * 31 + seed * 104729) % 10007) / 10007) * 2 - 1,
  );
}

function drawn(count: number, features: number, classes: number): Examples {
  const means = numbers(features * classes, 11);
  const noise = numbers(count * features, 12);
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const inputs = noise.map(
    (z, k) => 0.8 * 1.7 * means[labels[Math.floor(k / features)] * features + (k % features)] + 1.7 * z,
  );
  return { inputs, labels, count, features, classes };
}

export interface NormRun {
  readonly end: number;
  /** of ‖w‖² over the last 500 steps */
  readonly least: number;
  readonly most: number;
}

/** Heavy ball 0.9 at rate 0.02 on all examples, cross-entropy, from integers mod 10007 made floats: the runs that numpy made, too. */
export async function normRun(
  count: number,
  widths: readonly number[],
  steps: number,
  dtype: 'float32' | 'float64',
  { weightDecay = 0, normBias }: { readonly weightDecay?: number; readonly normBias?: NormBias },
): Promise<NormRun> {
  const network = mlp(widths, { activation: 'relu' });
  const examples = drawn(count, widths[0], network.classes);
  const flat = numbers(network.size, 13);
  let at = 0;
  const arrays = network.parameters.map(({ name, shape }): [string, Float64Array] => {
    const scale = shape.length === 2 ? 1 / Math.sqrt(shape[0]) : 0.1;
    const size = shape.reduce((a, b) => a * b, 1);
    return [name, flat.subarray(at, (at += size)).map((x) => scale * x)];
  });
  const initial = flatten(network, Object.fromEntries(arrays));
  let [end, least, most] = [NaN, Infinity, -Infinity];
  await train(network, examples, {
    epochs: steps,
    batchSize: count,
    initial: dtype === 'float32' ? Float32Array.from(initial) : initial,
    dtype,
    deterministic: true,
    optimizer: momentum(0.9, { weightDecay }),
    schedule: constantSchedule(0.02),
    ...(normBias && { normBias }),
    hooks: [
      {
        onStep({ weights, steps: done }) {
          if (done < steps - 499) return;
          end = 0;
          for (let i = 0; i < weights.length; i++) end += weights[i] * weights[i];
          [least, most] = [Math.min(least, end), Math.max(most, end)];
        },
      },
    ],
  });
  return { end, least, most };
}
