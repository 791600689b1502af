// The bits of a spectrum computed in deterministic mode, as a digest that must agree in every runtime.
import { examplesFromArrays, parseNpy, parseNpz } from '../packages/data/dist/index.js';
import { networkSpectrum } from '../packages/landscape/dist/index.js';
import { eigh, eigsh } from '../packages/lanczos/dist/index.js';
import { fromMatvec } from '../packages/linop/dist/index.js';
import { networkFromArrays } from '../packages/nn/dist/models.js';
import { fnv1a } from './fnv1a.mjs';

/** @param files bytes of the weights (npz), inputs and labels (npy) of a reference network */
export async function spectrumDigest({ weights: bytes, inputs, labels }) {
  const lines = {};
  for (const dtype of ['float32', 'float64']) {
    for (const operator of ['hessian', 'ggn', 'empirical-fisher']) {
      const { network, params } = networkFromArrays('mlp:tanh', parseNpz(bytes));
      const examples = examplesFromArrays(parseNpy(inputs), parseNpy(labels), { classes: network.classes });
      const weights = dtype === 'float64' ? Float64Array.from(params) : Float32Array.from(params);
      const result = await networkSpectrum(network, weights, examples, {
        operator,
        count: 8,
        dtype,
        seed: 1,
        deterministic: true,
        vectors: true,
        density: { steps: 12, probes: 2 },
      });
      const numbers = [
        ...result.values,
        ...result.residualNorms,
        result.loss,
        result.gradientNorm,
        ...result.vectors,
        ...result.density.density,
      ];
      lines[`${operator} ${dtype}`] = `${bits(numbers)} (${result.matvecs} products)`;
    }
  }
  // orders at which dense problems go to the blocked kernels
  const sixty = await eigsh(chain(4000), { k: 60, tol: 1e-6, seed: 1, deterministic: true });
  lines['60 of a chain'] = `${bits([...sixty.values, ...sixty.vectors])} (${sixty.matvecs} products)`;
  const dense = eigh(hilbert(300), 300, { vectors: true, deterministic: true });
  lines['dense 300'] = bits([...dense.values, ...dense.vectors]);
  return JSON.stringify(lines, null, 1);
}

function bits(numbers) {
  return fnv1a(new Uint8Array(Float64Array.from(numbers).buffer));
}

function chain(n) {
  return fromMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) out[i] = (i / n) * x[i] + 0.1 * ((x[i - 1] ?? 0) + (x[i + 1] ?? 0));
  });
}

function hilbert(n) {
  return Float64Array.from({ length: n * n }, (_, at) => 1 / (Math.floor(at / n) + (at % n) + 1));
}
