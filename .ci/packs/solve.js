// What every project of this folder runs: a small eigenproblem and the top of a Hessian, deterministic, so that the line is the same everywhere.
import { hessian } from '@hyperribbon/curvature';
import { eigsh } from '@hyperribbon/lanczos';
import { fromMatvec } from '@hyperribbon/linop';
import { mlp } from '@hyperribbon/nn';

/** @param options { workers, workerUrl } of `hessian`; without workers all runs in this thread */
export async function solve(options = {}) {
  const n = 300;
  const chain = fromMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) out[i] = (i / n) * x[i] + 0.1 * ((x[i - 1] ?? 0) + (x[i + 1] ?? 0));
  });
  const settings = { k: 2, which: 'LA', seed: 1, deterministic: true };
  const { values, converged } = await eigsh(chain, { ...settings, denseBelow: 0 });

  const count = 60;
  const inputs = Float64Array.from({ length: 4 * count }, (_, i) => ((i * i) % 17) / 8 - 1);
  const labels = Int32Array.from({ length: count }, (_, i) => (inputs[4 * i] > inputs[4 * i + 1] ? 1 : 0));
  const examples = { inputs, labels, count, features: 4, classes: 2 };
  const net = mlp([4, 8, 2], { activation: 'tanh' });
  const H = hessian(net, net.init(1, 'float64'), examples, {
    dtype: 'float64',
    deterministic: true,
    chunkSize: 20,
    ...options,
  });
  await H.ready;
  const top = await eigsh(H, settings);
  const threads = H.info.workers ?? 1;
  await H.close?.();
  if (!converged || !top.converged) throw new Error('not converged');
  return `${threads} ${[...values, ...top.values].join(' ')}`;
}
