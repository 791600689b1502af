// Oracle: the library. What the command shows of bounds is what bounds of the same network say, with biases as weights where that makes theorems hold.
import { allBounds, networkNorms, sampleNorms } from '@hyperribbon/complexity';
import { type Examples, mlp, networkToData } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { runNormBounds } from '../../src/jobs/normBounds.js';
import { boundsSection, marginsSection, ranksSection, smallestProven } from '../../src/measures/sections.js';

const count = 60;
const examples: Examples = {
  inputs: Float32Array.from({ length: 3 * count }, (_, i) => Math.sin(i * i + 1)),
  labels: Int32Array.from({ length: count }, (_, i) => (Math.sin((3 * i) ** 2 + 1) > 0 ? 1 : 0)),
  count,
  features: 3,
  classes: 2,
};
const limits = { delta: 0.1, c1: 1, c2: 2 };
const context = { signal: new AbortController().signal, report: (): void => {} };

function weightsOf(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => Math.cos(3 * i + 1));
}

const boundsOf = async (activation: 'relu' | 'softplus') => {
  const network = mlp([3, 5, 2], { activation });
  const params = weightsOf(network.size);
  const found = await runNormBounds(
    { model: { network: networkToData(network), params }, examples, ...limits },
    context,
  );
  return { network, params, found };
};

describe('of a network with biases and rectifiers', async () => {
  const { network, params, found } = await boundsOf('relu');
  const biases = 'homogeneous';
  const [norms, sample] = [
    await networkNorms(network, params, { biases }),
    await sampleNorms(network, params, examples, { biases }),
  ];
  const expected = allBounds(norms, sample, limits).bounds;
  const codes = /^(?:neyshabur-code|arora)/u;

  it('bounds are those with biases as weights, and statements on it', () => {
    const others = found.bounds.bounds.filter(({ name }) => !codes.test(name) && name !== 'neyshabur-2015-path');
    expect(others.map(({ name }) => name)).toEqual(
      expected.filter(({ name }) => !codes.test(name)).map(({ name }) => name),
    );
    for (const { name, value, caveats, assumptions } of others) {
      expect(value, name).toBe(expected.find((bound) => bound.name === name)!.value);
      expect(caveats.join(' '), name).not.toContain('biases');
      expect(assumptions.join(' '), name).toContain('Biases are weights of a constant input 1');
    }
    expect(smallestProven(found.bounds)?.caveats).toEqual([]);
  });

  it('numbers of published code, and compression, leave biases out and say so', async () => {
    const plain = await sampleNorms(network, params, examples);
    const bare = allBounds(await networkNorms(network, params), plain, limits).bounds;
    const rows = found.bounds.bounds.filter(({ name }) => codes.test(name));
    expect(rows.map(({ name }) => name)).toContain('arora-2018-compression');
    for (const { name, value, caveats } of rows) {
      expect(caveats.join(' '), name).toContain('7 biases are left out');
      if (name !== 'arora-2018-compression') expect(value).toEqual(bare.find((bound) => bound.name === name)!.value);
    }
  });

  it('the record has the sum of the empirical term and the gap, smallest first, null for what has none', () => {
    const { bounds, leftOut } = boundsSection(found, undefined);
    expect(leftOut).toEqual([]);
    found.bounds.bounds.forEach(({ name, value, vacuous }, i) => {
      expect(bounds[i]).toMatchObject({ name, vacuous });
      if (Number.isFinite(value)) expect(Math.exp(bounds[i]!.logValue!) / value).toBeCloseTo(1, 10);
      else expect(bounds[i]!.logValue).toBeNull();
    });
  });

  it('layers keep the sides of their matrices, and margins their quantiles', () => {
    expect(ranksSection(found).map(({ rows, columns }) => [rows, columns])).toEqual([
      [5, 3],
      [2, 5],
    ]);
    const sorted = sample.margins.slice().sort();
    const { quantiles, mistakes } = marginsSection(found);
    expect(quantiles).toEqual([...sorted]);
    expect(mistakes).toBe(sorted.filter((margin) => margin <= 0).length / count);
  });
});

describe('of a network outside the theorems', () => {
  it('bounds say so, and which are left out', async () => {
    const { found } = await boundsOf('softplus');
    expect(found.leftOut.join(' ')).toMatch(/bound by path norms is left out: .+ is no rectifier/u);
    for (const { caveats } of found.bounds.bounds) expect(caveats.join(' ')).toContain('softplus does not send 0 to 0');
    expect(smallestProven(found.bounds)).toBeUndefined();
  });
});
