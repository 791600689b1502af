// The bits of a spectrum computed in deterministic mode, as a digest that must agree in every runtime.
import { examplesFromArrays, parseNpy, parseNpz } from '../packages/data/dist/index.js';
import { runSpectrum } from '../packages/cli/dist/jobs/spectrum.js';
import { networkFromArrays } from '../packages/nn/dist/index.js';
import { fnv1a } from './fnv1a.mjs';

/** @param files bytes of the weights (npz), inputs and labels (npy) of a reference network */
export async function spectrumDigest({ weights, inputs, labels }) {
  const lines = {};
  for (const dtype of ['float32', 'float64']) {
    for (const operator of ['hessian', 'ggn', 'empirical-fisher']) {
      const { network, params } = networkFromArrays('mlp:tanh', parseNpz(weights));
      const examples = examplesFromArrays(parseNpy(inputs), parseNpy(labels), { classes: network.classes });
      const result = await runSpectrum(
        {
          kind: 'spectrum',
          model: {
            architecture: network.name,
            params: dtype === 'float64' ? Float64Array.from(params) : Float32Array.from(params),
          },
          examples,
          operator,
          count: 8,
          which: 'LA',
          dtype,
          tol: dtype === 'float64' ? 1e-10 : 1e-5,
          seed: 1,
          deterministic: true,
          vectors: true,
          density: { steps: 12, probes: 2 },
        },
        { signal: new AbortController().signal, report: () => {} },
      );
      const numbers = [
        ...result.values,
        ...result.residualNorms,
        result.loss,
        result.gradientNorm,
        ...result.vectors,
        ...result.density.density,
      ];
      const bytes = new Uint8Array(Float64Array.from(numbers).buffer);
      lines[`${operator} ${dtype}`] = `${fnv1a(bytes)} (${result.matvecs} products)`;
    }
  }
  return JSON.stringify(lines, null, 1);
}
