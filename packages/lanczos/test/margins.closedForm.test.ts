import { describe, expect, it } from 'vitest';
import { eigsh } from '@hyperribbon/lanczos';
import { diagonal } from '@hyperribbon/linop';

// six copies of 10, three values at 5, the rest spread over (0, 1): more than `denseBelow`, so that the search itself must answer
const spread = Float64Array.from({ length: 3000 }, (_, i) => (i < 6 ? 10 : i < 9 ? 5 + i * 1e-3 : i / 3000));

describe('operators at the margin of what a search can see', () => {
  it('zero, in every way of asking: proven by one vector whose product is zero', async () => {
    for (const options of [{ k: 3 }, { k: 3, which: 'SA' }, { k: 3, which: 'LM' }, { k: 4, which: 'BE' }] as const) {
      const { values, converged, matvecs } = await eigsh(diagonal(new Float64Array(3000)), options);
      expect([Array.from(values, (v) => v + 0), converged]).toEqual([Array.from({ length: options.k }, () => 0), true]);
      expect(matvecs).toBeLessThan(10);
    }
    const none = await eigsh(diagonal(new Float32Array(3000)), { above: 0 });
    expect([none.values.length, none.converged]).toEqual([0, true]);
  });
  it('the identity: all that are asked for, and more than that beyond a threshold', async () => {
    const identity = diagonal(new Float64Array(3000).fill(1));
    const three = await eigsh(identity, { k: 3 });
    expect([three.converged, three.values.every((v) => Math.abs(v - 1) < 1e-14)]).toEqual([true, true]);
    expect((await eigsh(identity, { above: 0.5, k: 10 })).reason).toBe('more-than-k');
  });
  it('six copies at any scale from 1e-310 to 1e308', async () => {
    for (const scale of [1e-310, 1e-300, 1e300, 1.7e307]) {
      const { values, converged } = await eigsh(diagonal(spread.map((x) => x * scale)), { k: 7 });
      const relative = Array.from(values, (v) => v / scale);
      expect(converged).toBe(true);
      expect(Math.max(...relative.map((v, i) => Math.abs(v - (i < 6 ? 10 : 5.008))))).toBeLessThan(1e-7);
    }
  });
  it('both ends of a spectrum whose lower end is dense: more candidates than rows are left for is no crash', async () => {
    const both = await eigsh(diagonal(spread), { k: 7, which: 'BE', tol: 1e-5, maxMatvecs: 600 });
    expect(both.matvecs).toBeLessThanOrEqual(600);
    expect(Math.max(...both.values.subarray(0, 4).map((v) => Math.abs(v - 10)))).toBeLessThan(1e-8);
  });
  it('doubled values over ten decades, both ends: a polynomial that drowns is lowered, down to degree three', async () => {
    const values = new Float64Array(228);
    for (let i = 0; i < 114; i++)
      values.fill(10 ** (-8 * ((i * 0.6180339887 + 0.685) % 1) - (i % 3)), 2 * i, 2 * i + 2);
    const both = await eigsh(diagonal(values), {
      k: 16,
      which: 'BE',
      tol: 2.5e-9,
      maxMatvecs: 3000,
      denseBelow: 0,
      seed: 5,
    });
    expect(both.matvecs).toBeLessThanOrEqual(3000);
    const largest = values.slice().sort((a, b) => b - a);
    expect(Math.max(...both.values.subarray(0, 8).map((v, i) => Math.abs(v - largest[i])))).toBeLessThan(1e-8);
  });
});
