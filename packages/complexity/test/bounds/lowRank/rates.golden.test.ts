// Oracle: numbers of an independent script, and the inequalities between r, L, h that the rates of Table 1 come down to.
import { describe, expect, it } from 'vitest';
import { crossover, crossoverTable, rateTable } from '../../../src/index.js';
import { g0Network } from '../../g0.js';
import { golden } from '../../golden/readBounds.js';
import { expectLogNear } from '../../near.js';

const rateLayers = (network: typeof g0Network, ranks: readonly number[]) =>
  network.layers.map(({ map: { spectral, frobenius, rowSum, rows } }, i) => ({
    spectral,
    frobenius,
    rowSum,
    outputs: rows,
    rank: ranks[i] as number,
  }));

describe('Table 1', () => {
  it('has the recorded numbers on G0', () => {
    const table = rateTable(rateLayers(g0Network, [2, 1]), { count: 4 });
    expectLogNear(table.pinto, 28.2842712475);
    expectLogNear(table.golowich, 7.2111025509);
    expectLogNear(table.golowichOnClass, 14.1421356237);
    expectLogNear(table.neyshabur, 20.1990098767);
    expectLogNear(table.bartlett, 18.464562638);
    expectLogNear(table.bartlettOnClass, 28.2842712475);
    expectLogNear(table.neyshaburOnClass, 28.2842712475);
    expectLogNear(table.tight, 20);
  });
  it('has those of the script where depth, width and ranks differ', () => {
    const layers = rateLayers(golden.network, [4, 2, 3]);
    const table = rateTable(layers, { count: 7 });
    expectLogNear(table.golowich, golden.value('table golowich'));
    expectLogNear(table.golowichOnClass, golden.value('table golowich on class'));
    expectLogNear(table.neyshabur, golden.value('table neyshabur'));
    expectLogNear(table.bartlett, golden.value('table bartlett'));
    expectLogNear(table.bartlettOnClass, golden.value('table on class'));
    const { radius } = golden.sample;
    expectLogNear(rateTable(layers, { count: 7, c1: 1.5 }).pinto, golden.value('rate printed C1=1.5') / radius);
    expectLogNear(table.tight, golden.value('rate tight') / radius);
  });
});

/** A class of L equal layers of spectral norm 1, width h and rank r. */
const equal = (depth: number, rank: number, width: number) =>
  Array.from({ length: depth }, () => ({ spectral: 1, frobenius: 1, rowSum: 1, outputs: width, rank }));
const depths = [2, 3, 4, 5, 6, 7, 8, 9, 10];
const ranks = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe('crossovers', () => {
  it('with C₁ = 1: below Bartlett et al. and Neyshabur et al. exactly where r < L', () => {
    const table = crossoverTable({ depths, ranks, width: 10 });
    expect(table.map((row) => row.map((c) => (c.belowSpectral ? 'x' : '.')).join(''))).toEqual([
      'x.........',
      'xx........',
      'xxx.......',
      'xxxx......',
      'xxxxx.....',
      'xxxxxx....',
      'xxxxxxx...',
      'xxxxxxxx..',
      'xxxxxxxxx.',
    ]);
    expect(table.flat().every(({ tightBelowSpectral }) => tightBelowSpectral)).toBe(true);
  });
  it('with C₁ = 1: below Golowich et al. exactly where L r² h < r^L', () => {
    // by BigInt, where nothing rounds
    for (const width of [1, 10, 256]) {
      for (const row of crossoverTable({ depths, ranks, width })) {
        for (const { depth, rank, belowGolowich } of row) {
          const [L, r] = [BigInt(depth), BigInt(rank)];
          expect(belowGolowich).toBe(L * r * r * BigInt(width) < r ** L);
        }
      }
    }
    const golowich = crossoverTable({ depths, ranks, width: 10 }).map((row) => row.findIndex((c) => c.belowGolowich));
    // the first rank from which on it is below: never at depth 2; L r² h < r^L is r > (L h)^{1/(L − 2)}
    expect(golowich.map((at) => at + 1)).toEqual([0, 0, 7, 4, 3, 3, 3, 2, 2]);
  });
  it('with C₁ kept: below exactly where C₁^{2L} r < L, and C₁^{2L} L r² h < r^L', () => {
    // C₁ = 5/4: in whole numbers 25^L r < 16^L L
    for (const row of crossoverTable({ depths, ranks, width: 4, c1: 1.25 })) {
      for (const { depth, rank, belowSpectral, belowGolowich, tightBelowSpectral } of row) {
        const [L, r] = [BigInt(depth), BigInt(rank)];
        const [over, under] = [25n ** L, 16n ** L];
        expect(belowSpectral).toBe(over * r < under * L);
        expect(belowGolowich).toBe(over * L * r * r * 4n < under * r ** L);
        expect(tightBelowSpectral).toBe(over < under * L);
      }
    }
    const allowed = crossoverTable({ depths, ranks, width: 4, c1: 1.05 }).map(
      (row) => row.filter((c) => c.belowSpectral).length,
    );
    // 1.05^{2L} r < L, by hand
    expect(allowed).toEqual([1, 2, 2, 3, 3, 3, 3, 3, 3]);
  });
  it.each([1, 1.1])('say what the rates say, C₁ = %d', (c1) => {
    for (const depth of depths) {
      for (const rank of ranks) {
        const table = rateTable(equal(depth, rank, 12), { count: 5, c1 });
        const found = crossover({ depth, rank, width: 12, c1 });
        const ties = Math.abs(table.pinto - table.bartlettOnClass) < 1e-12;
        if (!ties) expect(found.belowSpectral).toBe(table.pinto < table.bartlettOnClass);
        expect(found.belowGolowich).toBe(table.pinto < table.golowichOnClass);
        expect(found.tightBelowSpectral).toBe(table.tight < table.neyshaburOnClass);
      }
    }
  });
  it('Golowich et al. on the class grow like r^{L/2}', () => {
    for (const depth of [2, 5]) {
      const at = (rank: number): number => rateTable(equal(depth, rank, 3), { count: 5 }).golowichOnClass;
      expect(at(6) - at(2)).toBeCloseTo((depth / 2) * Math.log(3), 12);
    }
  });
  it('refuse what is no class', () => {
    expect(() => crossover({ depth: 0, rank: 1, width: 1 })).toThrow(/depth must be an integer >= 1, got depth=0/);
    expect(() => crossover({ depth: 2, rank: 1, width: 1, c1: 0 })).toThrow(/c1/);
    expect(() => rateTable([], { count: 1 })).toThrow(/number of layers/);
    expect(() => rateTable([{ ...equal(1, 1, 1)[0]!, spectral: 0 }], { count: 1 })).toThrow(/spectral norm of a layer/);
  });
});
