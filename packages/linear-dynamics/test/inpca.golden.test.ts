// Oracle: test/golden/inpca.json, made with numpy; see test/golden/inpca.md.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bhattacharyyaDivergences, inpca, symmetrizedKlDivergences, type Models } from '../src/index.js';

const golden = JSON.parse(readFileSync(new URL('./golden/inpca.json', import.meta.url), 'utf8'));

const coin: Models = {
  probabilities: Float64Array.from({ length: 40 }, (_, i) => {
    const p = (Math.floor(i / 2) + 0.5) / 20;
    return i % 2 === 0 ? p : 1 - p;
  }),
  models: 20,
  samples: 1,
  classes: 2,
};

test('A2: a coin has eigenvalues of alternating sign and the golden stress', async () => {
  const map = await inpca(bhattacharyyaDivergences(coin), { dimensions: 6 });
  expect([...map.signs]).toEqual([1, -1, 1, -1, 1, -1]);
  golden.coin_inpca.top6.forEach((value: number, k: number) => {
    expect(Math.abs(map.eigenvalues[k]! - value)).toBeLessThan(1e-14);
    expect(Math.abs(map.eigenvalues[k]! - value * (1 + 1e-8))).toBeGreaterThan(1e-14);
  });
  golden.coin_inpca.stress_k.forEach((value: number, k: number) => {
    // the golden stress is 1 − √(1 − r): up to 2e-13 off where little is left
    expect(Math.abs(map.explainedStress[k]! - value)).toBeLessThan(1e-12);
    expect(Math.abs(map.explainedStress[k]! - value - 1e-11)).toBeGreaterThan(1e-12);
  });
});

test('A3: with symmetrised KL a coin has exactly one real and one imaginary axis', async () => {
  const map = await inpca(symmetrizedKlDivergences(coin), { dimensions: 20 });
  golden.coin_isKL.top4.slice(0, 2).forEach((value: number, k: number) => {
    expect(Math.abs(map.eigenvalues[k]! - value)).toBeLessThan(1e-13);
  });
  expect(map.eigenvalues.slice(2).every((value) => Math.abs(value) < 1e-13)).toBe(true);
  expect([...map.signs]).toEqual([1, -1, ...Array.from({ length: 18 }, () => 0)]);
});
