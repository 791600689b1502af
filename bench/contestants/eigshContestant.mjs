// Ours as a contestant of eigsh.mjs: answers {"family", "parameter", "k", "tol", "seed"} with seconds, products and values.
import { eigsh } from '@hyperribbon/lanczos';
import { answerLines, runtime } from '../answer.mjs';
import { testOperator } from '../operators.mjs';

await answerLines({ version: runtime }, async (line) => {
  const { k, tol, seed, maxMatvecs, ...which } = JSON.parse(line);
  const { size, apply } = testOperator({ ...which, k });
  let products = 0;
  const operator = {
    size,
    dtype: 'float64',
    apply(x, out) {
      products++;
      apply(x, out);
    },
  };
  const start = performance.now();
  const { values, converged, reason } = await eigsh(operator, { k, tol, seed, which: 'LA', maxMatvecs });
  return { seconds: (performance.now() - start) / 1000, products, values: [...values], converged, reason };
});
