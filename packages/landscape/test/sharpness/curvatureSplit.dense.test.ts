// Oracle: every matrix formed in float64 and its whole spectrum; closed forms of linear networks.
import { gaussNewton, hessian } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { type AnyExamples, logits, mlp, squaredError } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { curvatureSplit } from '../../src/index.js';
import { linearReadOut } from '../../src/sharpness/linearReadOut.js';
import { halfSquares } from '../../src/sharpness/halfSquares.js';
import { examples, network, params, size } from '../small.js';

const weights = Float64Array.from(params);
const targets = stream({ seed: 4, purpose: 'targets' }).normal(new Float64Array(3 * examples.count));
const regression: AnyExamples = { inputs: examples.inputs, count: 40, features: 5, targets, outputs: 3 };

function expectNear(found: number, wanted: number, tol = 1e-9): void {
  expect(Math.abs(found - wanted)).toBeLessThan(tol * Math.abs(wanted));
  expect(Math.abs(found - wanted * (1 + 10 * tol))).toBeGreaterThan(tol * Math.abs(wanted));
}

const spectrum = (matrix: Float64Array) => eigh(matrix, size, { vectors: true });

describe('curvatureSplit', () => {
  for (const [name, given, loss, lossData] of [
    ['cross-entropy', examples, undefined, undefined],
    ['squared errors', regression, squaredError, { kind: 'squared-error' }],
  ] as const)
    it(`has the ends of the spectra of H, G, H − G and the tangent kernel, for ${name}`, async () => {
      const options = { dtype: 'float64' } as const;
      const H = await materialize(hessian(network, weights, given, { ...options, ...(loss && { loss }) }));
      const G = await materialize(gaussNewton(network, weights, given, { ...options, ...(loss && { loss }) }));
      const T = await materialize(gaussNewton(network, weights, given, { ...options, loss: halfSquares }));
      const R = spectrum(H.map((h, i) => h - G[i]) as Float64Array).values;
      const found = await curvatureSplit(network, weights, given, { tol: 1e-11, ...(lossData && { loss: lossData }) });
      expectNear(found.sharpness.value, spectrum(H as Float64Array).values[0]);
      expectNear(found.gaussNewton.value, spectrum(G as Float64Array).values[0]);
      expectNear(found.tangent.value, spectrum(T as Float64Array).values[0]);
      expectNear(found.residual.value, R[0] > -R[size - 1] ? R[0] : R[size - 1]);
      for (const { converged, residualNorm, value } of [found.sharpness, found.gaussNewton, found.tangent]) {
        expect(converged).toBe(true);
        expect(residualNorm).toBeLessThan(1e-9 * value);
      }
    });

  it('has a residual that is the second derivatives of the outputs, weighed by the slopes of the losses', async () => {
    const options = { dtype: 'float64' } as const;
    const z = logits(network, weights, examples, options);
    // slopes p − y as fixed coefficients of the outputs: the Hessian of Σ_k s_k f_k is R alone
    const slopes = z.map((_, at) => {
      const [i, c] = [Math.floor(at / 3), at % 3];
      const e = Array.from(z.subarray(3 * i, 3 * i + 3), Math.exp);
      return e[c] / e.reduce((a, b) => a + b) - (examples.labels[i] === c ? 1 : 0);
    }) as Float64Array;
    const fixed: AnyExamples = { inputs: examples.inputs, count: 40, features: 5, targets: slopes, outputs: 3 };
    const [H, G, R] = await Promise.all([
      materialize(hessian(network, weights, examples, options)),
      materialize(gaussNewton(network, weights, examples, options)),
      materialize(hessian(network, weights, fixed, { ...options, loss: linearReadOut })),
    ]);
    const norm = (of: (i: number) => number) =>
      Math.sqrt(Float64Array.from(H, (_, i) => of(i) * of(i)).reduce((a, b) => a + b, 0));
    expect(norm((i) => H[i] - G[i] - R[i])).toBeLessThan(1e-12 * norm((i) => H[i]));
    expect(norm((i) => R[i])).toBeGreaterThan(0.01 * norm((i) => H[i]));
    const { values } = spectrum(Float64Array.from(R));
    const { residual } = await curvatureSplit(network, weights, examples, { tol: 1e-11 });
    expectNear(residual.value, values[0] > -values[size - 1] ? values[0] : values[size - 1]);
  });

  it('says how much of the top eigenvector of G lies in each parameter array', async () => {
    const G = await materialize(gaussNewton(network, weights, examples, { dtype: 'float64' }));
    const top = spectrum(G as Float64Array).vectors!.subarray(0, size);
    const { shares } = await curvatureSplit(network, weights, examples, { tol: 1e-11 });
    let at = 0;
    for (const [i, { shape, name }] of network.parameters.entries()) {
      const length = shape.reduce((a, b) => a * b, 1);
      const wanted = top.subarray(at, at + length).reduce((sum, x) => sum + x * x, 0);
      expect(shares[i].parameter).toBe(name);
      expectNear(shares[i].share, wanted, 1e-7);
      at += length;
    }
    expectNear(
      shares.reduce((sum, { share }) => sum + share, 0),
      1,
      1e-13,
    );
  });

  it('leaves no residual where the network is linear: all is the second moment of [x 1]', async () => {
    const net = mlp([2, 1]);
    const data = Float64Array.of(1, 2, -1, 0, 3, 1);
    const given: AnyExamples = { inputs: data, count: 3, features: 2, targets: Float64Array.of(1, 0, 2), outputs: 1 };
    const loss = { kind: 'squared-error' } as const;
    const found = await curvatureSplit(net, Float64Array.of(0.3, -1, 0.2), given, { loss, tol: 1e-12 });
    // Σ [x 1]ᵀ[x 1] / 3 of the rows (1, 2, 1), (−1, 0, 1), (3, 1, 1)
    const [wanted] = eigh(Float64Array.of(11, 5, 3, 5, 5, 3, 3, 3, 3), 3).values;
    for (const part of ['sharpness', 'gaussNewton', 'tangent'] as const)
      expectNear(found[part].value, wanted / 3, 1e-12);
    expect(Math.abs(found.residual.value)).toBeLessThan(1e-14 * found.sharpness.value);
    expect(found.residual.converged).toBe(true);
  });
});

describe('curvatureSplit of degenerate input', () => {
  const loss = { kind: 'squared-error' } as const;

  it('has the bias alone where all weights are zero', async () => {
    const {
      sharpness,
      gaussNewton: G,
      tangent,
      shares,
    } = await curvatureSplit(network, new Float64Array(size), regression, { loss });
    for (const { value } of [sharpness, G, tangent]) expectNear(value, 1, 1e-12);
    expect(shares.at(-1)!.share).toBeCloseTo(1, 12);
  });

  it('keeps curvature of any scale, and refuses weights that are not finite', async () => {
    const net = mlp([2, 1]);
    const given = (scale: number): AnyExamples => ({
      inputs: Float64Array.of(scale, 2 * scale),
      count: 1,
      features: 2,
      targets: Float64Array.of(0),
      outputs: 1,
    });
    for (const scale of [1e-150, 1e-8, 1e60]) {
      const { sharpness } = await curvatureSplit(net, Float64Array.of(1, 1, 0), given(scale), { loss });
      expectNear(sharpness.value, 1 + 5 * scale * scale, 1e-10);
    }
    await expect(curvatureSplit(net, Float64Array.of(NaN, 1, 0), given(1), { loss })).rejects.toThrow('finite');
  });

  it('refuses what it does not know, and stops when told to', async () => {
    await expect(curvatureSplit(network, weights, examples, { tolerance: 1 } as object)).rejects.toThrow('tolerance');
    await expect(curvatureSplit(network, new Float64Array(3), examples)).rejects.toThrow('params');
    const stopped = { signal: AbortSignal.abort() };
    await expect(curvatureSplit(network, weights, examples, stopped)).rejects.toThrow('aborted');
    const one = await curvatureSplit(network, weights, examples, { maxMatvecs: 3 });
    expect(one.sharpness.converged).toBe(false);
  });
});
