import { expect, it, vi } from 'vitest';
import { fromDenseRectangular, svds } from '@hyperribbon/lanczos/svd';
import type { EigshOptions } from '@hyperribbon/lanczos';
import { assertAtMost } from '../goldenData.js';

/** tolerances that the eigenproblem was asked for */
const asked = vi.hoisted(() => [] as (number | undefined)[]);
/** how many answers are spoilt: each vector (u, v) mixed with (u, −v), as an eigenvector of −σ would be */
const spoilt = vi.hoisted(() => ({ left: 0 }));
vi.mock('../../src/eigsh/eigsh.js', async (original) => {
  const { eigsh } = (await original()) as typeof import('../../src/eigsh/eigsh.js');
  return {
    eigsh: async (op: Parameters<typeof eigsh>[0], options: EigshOptions) => {
      asked.push(options.tol);
      const report = await eigsh(op, options);
      if (spoilt.left-- <= 0) return report;
      const vectors = report.vectors.map((x, i) => x * (i % op.size < 8 ? 1.05 : 0.95));
      return { ...report, vectors };
    },
  };
});

const op = fromDenseRectangular(
  Float64Array.from({ length: 48 }, (_, p) => Math.cos(1 + 7 * p)),
  8,
  6,
);

it('vectors that mix with those of the negatives are looked for again, with a smaller tolerance', async () => {
  const options = { k: 3, tol: 1e-6, seed: 1 } as const;
  const plain = await svds(op, options);
  expect([plain.converged, asked.splice(0)]).toEqual([true, [1e-6]]);
  spoilt.left = 1;
  const again = await svds(op, options);
  expect([again.converged, again.reason, asked.splice(0)]).toEqual([true, 'converged', [1e-6, 1e-7]]);
  expect(again.matvecs).toBe(2 * plain.matvecs);
  assertAtMost(Math.max(...again.residualNorms), 1e-5 * again.norm, 'residuals');
});
it('and said not to be converged where none helps', async () => {
  spoilt.left = Infinity;
  const report = await svds(op, { k: 3, tol: 1e-6, seed: 1, maxMatvecs: 1000 });
  expect([report.converged, report.reason]).toEqual([false, 'noise-floor']);
  expect(asked.length).toBeGreaterThan(5);
  expect(Math.max(...report.residualNorms)).toBeGreaterThan(1e-5 * report.norm);
});
