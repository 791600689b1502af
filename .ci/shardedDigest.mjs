// The bits of a Hessian whose examples are shared among threads, as a digest that must agree in every runtime and for any number of threads.
import { examplesFromArrays, parseNpy, parseNpz } from '../packages/data/dist/index.js';
import { hessian } from '../packages/curvature/dist/index.js';
import { eigsh } from '../packages/lanczos/dist/index.js';
import { networkFromArrays } from '../packages/nn/dist/models.js';
import { stream } from '../packages/random/dist/index.js';
import { fnv1a } from './fnv1a.mjs';

/**
 * @param files bytes of the weights (npz), inputs and labels (npy) of a reference network
 * @param workerUrl of the worker's bundle, where it is not the package's own script
 */
export async function shardedDigest({ weights, inputs, labels }, workerUrl) {
  const { network, params } = networkFromArrays('mlp:tanh', parseNpz(weights));
  const examples = examplesFromArrays(parseNpy(inputs), parseNpy(labels), { classes: network.classes });
  const lines = {};
  for (const deterministic of [true, false]) {
    const digests = {};
    for (const workers of [undefined, 1, 2, 3]) {
      const sharing = workers === undefined ? {} : { workers, workerTimeout: 30_000, ...(workerUrl && { workerUrl }) };
      // eight chunks, the last of them uneven
      const H = hessian(network, params, examples, { chunkSize: 130, deterministic, ...sharing });
      const v = stream({ seed: 1, purpose: 'ci/sharded' }).normal(new Float32Array(H.size));
      const out = new Float32Array(H.size);
      await H.apply(v, out);
      const top = await eigsh(H, { k: 5, tol: 1e-5, seed: 1, deterministic });
      const numbers = [
        H.loss,
        H.gradientNorm,
        ...H.gradient(),
        ...out,
        ...top.values,
        ...top.residualNorms,
        ...top.vectors,
      ];
      digests[workers ?? 'none'] =
        `${fnv1a(new Uint8Array(Float64Array.from(numbers).buffer))} (${top.matvecs} products)`;
      await H.close?.();
    }
    const [first, ...others] = Object.values(digests);
    const name = deterministic ? 'deterministic' : 'fast';
    if (others.some((digest) => digest !== first)) lines[name] = digests;
    // the bits of the fast flavour are the engine's own
    else lines[name] = deterministic ? first : 'the same for any number of threads';
  }
  return JSON.stringify(lines, null, 1);
}
