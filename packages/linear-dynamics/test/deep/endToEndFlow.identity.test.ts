// Oracles: the flow of the layers, and conservation laws of the end-to-end map.
import {
  balancedNet,
  endToEndFlow,
  endToEndPreconditioner,
  endToEndVelocity,
  gradientFlow,
  singleOutputVelocity,
  singularValueVelocities,
  squareLossOfData,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';

import {
  add,
  chain,
  eye,
  factorField,
  flat,
  gap,
  gaussian,
  mul,
  normals,
  rowsOf,
  scaled,
  split,
  sub,
  T,
  type M,
} from './matrices.js';

describe('end-to-end flow', () => {
  const X = gaussian(31, 5, 30);
  const Y = gaussian(32, 4, 30);
  const loss = squareLossOfData({ inputs: flat(T(X)), targets: flat(T(Y)), samples: 30 });
  const W0 = gaussian(33, 4, 5, 0.3);
  const times = [1, 2, 5];

  test.each([1, 2, 3, 4])('follows the factors of a balanced network of depth %i', (depth) => {
    const widths = [5, ...Array.from({ length: depth - 1 }, () => 6), 4];
    const factors = gradientFlow(balancedNet(flat(W0), { widths }), { loss, times });
    const map = endToEndFlow(flat(W0), { loss, depth, times });
    expect(gap(map.endToEnd, factors.endToEnd)).toBeLessThan(1e-9);
    expect(gap(map.losses, factors.losses)).toBeLessThan(1e-9);
    // negative control: the wrong depth
    expect(
      gap(endToEndFlow(flat(W0), { loss, depth: depth + 1, times: [1] }).endToEnd, factors.endToEnd.subarray(0, 20)),
    ).toBeGreaterThan(1e-3);
  });

  test('gives back what it reached when the signal is raised', () => {
    const controller = new AbortController();
    const options = { loss, depth: 2, times: [0, 1e-3, 5] };
    const stopped = endToEndFlow(flat(W0), {
      ...options,
      signal: controller.signal,
      onProgress: ({ done }) => void (done >= 1e-3 && controller.abort()),
    });
    expect(stopped).toMatchObject({ reason: 'aborted', converged: false, time: 1e-3, times: Float64Array.of(0, 1e-3) });
    expect(stopped.endToEnd).toEqual(endToEndFlow(flat(W0), options).endToEnd.slice(0, 40));
  });

  test('with weight decay loses N λ W', () => {
    const factors = gradientFlow(balancedNet(flat(W0), { widths: [5, 6, 6, 4] }), {
      loss,
      times: [2],
      weightDecay: 0.05,
    });
    const map = endToEndFlow(flat(W0), { loss, depth: 3, times: [2], weightDecay: 0.05 });
    expect(gap(map.endToEnd, factors.endToEnd)).toBeLessThan(1e-9);
  });

  test('the preconditioner as a Kronecker matrix has the eigenpairs that are returned', () => {
    for (const [outputs, inputs] of [
      [4, 5],
      [3, 2],
    ] as const) {
      for (const depth of [1, 2, 3, 5]) {
        const W = gaussian(34, outputs, inputs, 0.7);
        const p = endToEndPreconditioner(flat(W), { inputs, outputs, depth });
        const U = rowsOf(p.left, outputs, outputs);
        const V = rowsOf(p.right, inputs, inputs);
        expect(gap(flat(mul(U, T(U))), flat(eye(outputs)))).toBeLessThan(1e-14);
        expect(gap(flat(mul(V, T(V))), flat(eye(inputs)))).toBeLessThan(1e-14);
        // every u_r v_cᵀ is an eigenmatrix of G ↦ Σ (WWᵀ)^{(j−1)/N} G (WᵀW)^{(N−j)/N}
        const power = (A: M, basis: M, q: number): M => {
          if (q === 0) return eye(A.length);
          const values = mul(mul(basis, A), T(basis)).map((row, i) => Math.max(row[i]!, 0));
          // rounding of a zero eigenvalue, 1e-17, would become 1e-6 at q = 1/3
          return mul(
            T(basis),
            basis.map((row, i) => row.map((v) => v * (values[i]! < 1e-14 ? 0 : values[i]! ** q))),
          );
        };
        const [WWt, WtW] = [mul(W, T(W)), mul(T(W), W)];
        for (let r = 0; r < outputs; r++) {
          for (let c = 0; c < inputs; c++) {
            const E = U[r]!.map((u) => V[c]!.map((v) => u * v));
            let image = scaled(E, 0);
            for (let j = 1; j <= depth; j++) {
              image = add(image, mul(mul(power(WWt, U, (j - 1) / depth), E), power(WtW, V, (depth - j) / depth)));
            }
            expect(gap(flat(image), flat(scaled(E, p.eigenvalues[r * inputs + c]!)))).toBeLessThan(1e-12);
          }
        }
      }
    }
  });

  test('the velocity is that of the factors: Σ over layers, by finite differences of their flow', () => {
    const net = balancedNet(flat(W0), { widths: [5, 6, 6, 4] });
    const y = net.weights.flatMap((w) => [...w]);
    const field = factorField([5, 6, 6, 4], (W) => scaled(mul(sub(mul(W, X), Y), T(X)), 1 / 30));
    const dy = field(y);
    const at = (h: number): Float64Array =>
      flat(
        chain(
          split(
            [5, 6, 6, 4],
            y.map((v, i) => v + h * dy[i]!),
          ),
        ),
      );
    const h = 1e-5;
    const difference = at(h).map((v, i) => (v - at(-h)[i]!) / (2 * h));
    const gradient = new Float64Array(20);
    loss.gradient(flat(W0), gradient);
    const p = endToEndPreconditioner(flat(W0), { inputs: 5, outputs: 4, depth: 3 });
    const velocity = endToEndVelocity(p, gradient);
    expect(gap(velocity, difference)).toBeLessThan(1e-9);
    // singular values by first-order perturbation of a second, displaced decomposition
    const moved = (s: number): Float64Array =>
      endToEndPreconditioner(
        flat(W0).map((w, i) => w + s * velocity[i]!),
        { inputs: 5, outputs: 4, depth: 3 },
      ).singularValues;
    const rates = singularValueVelocities(p, gradient);
    const e = 1e-5;
    expect(
      gap(
        moved(e).map((s, i) => (s - moved(-e)[i]!) / (2 * e)),
        rates,
      ),
    ).toBeLessThan(1e-8);
  });

  const rotated = (values: readonly number[], outputs: number, inputs: number): Float64Array => {
    const [u, v] = [gaussian(61, outputs, outputs), gaussian(62, inputs, inputs)].map((m) =>
      rowsOf(
        endToEndPreconditioner(flat(m), { inputs: m.length, outputs: m.length, depth: 1 }).left,
        m.length,
        m.length,
      ),
    );
    const middle = Array.from({ length: outputs }, (_, i) =>
      Array.from({ length: inputs }, (_, j) => (i === j ? values[i]! : 0)),
    );
    return flat(mul(mul(u!, middle), v!));
  };
  test.each<[name: string, map: ArrayLike<number>, gradient: ArrayLike<number>, outputs: number, depth: number]>([
    ['the unit matrix', [1, 0, 0, 1], [0, 1, 1, 0], 2, 2],
    ['the same, an antisymmetric gradient', [1, 0, 0, 1], [0, 1, -1, 0], 2, 2],
    ['a multiple of it, depth 1', [3, 0, 0, 3], [1, 2, 5, -1], 2, 1],
    ['a reflection, depth 3', [1, 0, 0, -1], [1, 2, 3, -2], 2, 3],
    ['two equal of three, turned', rotated([2, 2, 0.5], 3, 3), normals(63, 9), 3, 3],
    ['the later two of three, turned', rotated([2, 0.5, 0.5], 3, 3), normals(64, 9), 3, 2],
    ['three equal of three, wide', rotated([1.5, 1.5, 1.5], 3, 5), normals(65, 15), 3, 2],
    ['zero map, depth 1', new Float64Array(4), [1, 2, 3, -4], 2, 1],
    ['zero map, depth 1, tall', new Float64Array(6), normals(66, 6), 3, 1],
    ['zero map, depth 2', new Float64Array(4), [1, 2, 3, 4], 2, 2],
    ['rank one, depth 1, wide', rotated([2, 0, 0], 3, 4), normals(67, 12), 3, 1],
    ['rank one, depth 3', rotated([2, 0, 0], 3, 3), normals(68, 9), 3, 3],
  ])(
    'singular values that are equal or zero part as those of a displaced map do: %s',
    (_, map, gradient, outputs, depth) => {
      const shape = { inputs: map.length / outputs, outputs, depth };
      const p = endToEndPreconditioner(map, shape);
      const velocity = endToEndVelocity(p, gradient);
      // one-sided, extrapolated: singular values leave a crossing with a kink
      const e = 1e-5;
      const difference = (h: number): Float64Array =>
        endToEndPreconditioner(
          Float64Array.from(map, (w, i) => w + h * velocity[i]!),
          shape,
        ).singularValues.map((s, i) => (s - p.singularValues[i]!) / h);
      const half = difference(e / 2);
      const expected = difference(e).map((d, i) => 2 * half[i]! - d);
      expect(gap(singularValueVelocities(p, gradient), expected)).toBeLessThan(1e-7);
    },
  );

  test('singular values that are equal or zero: the values themselves', () => {
    const at = (map: readonly number[], gradient: readonly number[], depth: number): number[] => [
      ...singularValueVelocities(endToEndPreconditioner(map, { inputs: 2, outputs: 2, depth }), gradient),
    ];
    const near = (a: readonly number[], b: readonly number[]) =>
      expect(gap(Float64Array.from(a), Float64Array.from(b))).toBeLessThan(1e-14);
    near(at([1, 0, 0, 1], [0, 1, 1, 0], 2), [2, -2]);
    near(at([0, 0, 0, 0], [1, 0, 0, -3], 1), [3, 1]);
    expect(at([0, 0, 0, 0], [1, 0, 0, -3], 2)).toEqual([0, 0]);
  });

  test('a single output is the short rule; zero maps and null directions stand still', () => {
    const [w, g] = [normals(41, 6), normals(42, 6)];
    for (const depth of [1, 2, 3, 7]) {
      const p = endToEndPreconditioner(w, { inputs: 6, outputs: 1, depth });
      expect(gap(endToEndVelocity(p, g), singleOutputVelocity(w, g, depth))).toBeLessThan(1e-12);
    }
    expect([...singleOutputVelocity([0, 0], [1, 1], 3)]).toEqual([0, 0]);
    expect([...singleOutputVelocity([0, 0], [1, 1], 1)]).toEqual([-1, -1]);
    const rankOne = mul(gaussian(43, 3, 1), gaussian(44, 1, 3));
    const p = endToEndPreconditioner(flat(rankOne), { inputs: 3, outputs: 3, depth: 3 });
    expect(p.eigenvalues[4]).toBe(0);
    expect(p.singularValues[1]).toBe(0);
  });
});
