// Oracle: a small network whose norms are known by hand; networks whose layers, widths and classes all differ, against the definitions written out.
import { type Network, unflatten } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { type MatrixNorms, networkNorms, sampleNorms } from '../../src/index.js';
import { g0Network, g0Norms, g0Sample, g0Weights } from '../g0.js';
import { expectNear } from '../near.js';
import { plainNorms } from '../plainNetwork.js';

const chain = (input: number, widths: readonly number[], bias: boolean = false): Network =>
  stack({
    input: [input],
    layers: widths.flatMap((out, i) => [
      { kind: 'linear' as const, name: `W${i + 1}`, out, bias },
      ...(i + 1 < widths.length ? [{ kind: 'relu' as const }] : []),
    ]),
  });

/** (rows, columns) as (columns, rows): layers are stored (inputs, outputs) */
const turned = (values: ArrayLike<number>, rows: number, columns: number): number[] =>
  Array.from({ length: rows * columns }, (_, k) => values[(k % rows) * columns + Math.floor(k / rows)]);

const small = chain(3, [2, 2]);
const weights = Float64Array.of(...turned(g0Weights.W1, 2, 3), ...turned(g0Weights.W2, 2, 2));
const reference = Float64Array.of(...turned(g0Weights.W1Start, 2, 3), ...turned(g0Weights.W2Start, 2, 2));
const examples = {
  inputs: Float64Array.from(g0Sample.X),
  labels: Int32Array.from(g0Sample.y),
  count: 4,
  features: 3,
  classes: 2,
};

function expectNorms(found: MatrixNorms, expected: MatrixNorms): void {
  for (const [name, value] of Object.entries(expected)) {
    const own = found[name as keyof MatrixNorms];
    if (typeof value === 'number') expectNear(own as number, value, 1e-12);
    else if (typeof value === 'string') expect(own).toBe(value);
    else
      value.forEach((x: number, i: number) =>
        expect(Math.abs((own as Float64Array)[i] - x)).toBeLessThan(1e-14 * expected.spectral),
      );
  }
}

describe('G0', () => {
  it('has the norms of its layers, and of their changes, that are known by hand', async () => {
    const found = await networkNorms(small, weights, { reference });
    expect(found.outside).toEqual([]);
    expect(found).toMatchObject({ inputs: 3, outputs: 2, parameters: 10 });
    found.layers.forEach((layer, i) => {
      const expected = g0Network.layers[i];
      expectNorms(layer.filters, expected.filters);
      expectNorms(layer.map, expected.map);
      for (const of of ['filters', 'map'] as const)
        for (const name of ['spectral', 'frobenius', 'rowSum'] as const)
          expectNear(layer.change![of][name], expected.change![of][name], 1e-12);
      const { kind, parameters, biases, positions, reads, width, lipschitz } = expected;
      expect(layer).toMatchObject({ kind, parameters, biases, positions, reads, width, lipschitz });
    });
  });

  it('has the norms of its sample, in one chunk and in several', async () => {
    for (const chunkSize of [undefined, 1, 3]) {
      const found = await sampleNorms(small, weights, examples, chunkSize === undefined ? {} : { chunkSize });
      const { margins, largestPatches, ...numbers } = g0Norms;
      for (const [name, value] of Object.entries(numbers))
        expectNear(found[name as keyof typeof numbers], value, 1e-14);
      expect([...found.margins]).toEqual([...margins]);
      largestPatches.forEach((value, i) => expectNear(found.largestPatches[i], value, 1e-14));
    }
  });
});

describe('a network whose sizes all differ', () => {
  const net = chain(7, [5, 4, 3]);
  const params = stream({ seed: 1, purpose: 'test/weights' }).normal(new Float64Array(net.size));
  const start = stream({ seed: 2, purpose: 'test/weights' }).normal(new Float64Array(net.size));

  it('has the norms of the definitions', async () => {
    const { layers } = await networkNorms(net, params, { reference: start });
    const [own, first] = [unflatten(net, params), unflatten(net, start)];
    [7, 5, 4].forEach((columns, i) => {
      const rows = [5, 4, 3][i];
      const name = `W${i + 1}.weight`;
      expectNorms(layers[i].filters, plainNorms({ rows, columns, values: turned(own[name], columns, rows) }));
      const difference = own[name].map((w, k) => w - first[name][k]);
      const change = plainNorms({ rows, columns, values: turned(difference, columns, rows) });
      for (const norm of ['spectral', 'frobenius', 'rowSum'] as const)
        expectNear(layers[i].change!.filters[norm], change[norm], 1e-12);
    });
  });

  it('tells biases, and a reference that does not fit', async () => {
    const biased = chain(7, [5, 4, 3], true);
    const { layers, outside } = await networkNorms(biased, new Float64Array(biased.size).fill(0.1));
    expect(outside).toEqual(['Its 12 biases are left out: norms are of weights only.']);
    expect(layers.map(({ biases }) => biases)).toEqual([5, 4, 3]);
    await expect(networkNorms(net, params, { reference: start.slice(1) })).rejects.toThrow(
      'networkNorms: reference must hold',
    );
  });
});
