// One contestant of dense.mjs in its own process: `ours`, `experimental` (ours with V8's flags for SIMD on), `ml-matrix` or `numpy-ts`. Answers {"task", "n"} with seconds, values and the
// scaled errors of what it returned.
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { eigh, eigvalsh } from '@hyperribbon/lanczos';
import { svd } from '@hyperribbon/lanczos/svd';
import { stream } from '@hyperribbon/random';
import { answerLines, peer, peerVersion, runtime } from '../answer.mjs';

const name = process.argv[2];
if (name === 'experimental' && !enableExperimentalSimd().revectorized)
  throw new Error('this Node has no 256-bit kernels to switch on');

/** The same numbers in every contestant: uniform in [0, 1), symmetric for eigenproblems. */
function matrix(task, n) {
  const a = stream({ seed: 1, purpose: 'bench/dense' }).uniform(new Float64Array(n * n));
  if (task !== 'svd') for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i];
  return a;
}

async function mlMatrix() {
  const { Matrix, EigenvalueDecomposition, SingularValueDecomposition } = await peer('ml-matrix/matrix.mjs').catch(() =>
    peer('ml-matrix/matrix.js'),
  );
  return {
    version: `ml-matrix ${await peerVersion('ml-matrix')}, ${runtime}`,
    tasks: {
      eigh(a, n) {
        const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, a), {
          assumeSymmetric: true,
        });
        return { values: realEigenvalues, vector: (i) => eigenvectorMatrix.getColumn(i) };
      },
      svd(a, n) {
        const { diagonal } = new SingularValueDecomposition(Matrix.from1DArray(n, n, a));
        return { values: diagonal };
      },
    },
  };
}

async function numpyTs() {
  const np = await peer('numpy-ts/dist/esm/index.js');
  const square = (a, n) => np.array(a).reshape(n, n);
  return {
    version: `numpy-ts ${await peerVersion('numpy-ts')}, ${runtime}`,
    tasks: {
      eigh(a, n) {
        const { w, v } = np.linalg.eigh(square(a, n));
        const rows = v.toArray();
        return { values: w.toArray(), vector: (i) => rows.map((row) => row[i]) };
      },
      svd: (a, n) => ({ values: np.linalg.svd(square(a, n)).s.toArray() }),
    },
  };
}

function ours() {
  return {
    version: runtime,
    tasks: {
      eigh(a, n) {
        const { values, vectors } = eigh(a, n, { vectors: true });
        return { values, vector: (i) => vectors.subarray(i * n, (i + 1) * n) };
      },
      eigvalsh: (a, n) => ({ values: eigvalsh(a, n) }),
      svd: (a, n) => ({ values: svd(a, n, n, { vectors: true, deterministic: false }).values }),
    },
  };
}

/** max ‖A v − λ v‖₁ / (n eps ‖A‖₁) over a few pairs; LAPACK's own tests allow 50. */
function residual(a, n, { values, vector }) {
  if (vector === undefined) return null;
  let norm = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.abs(a[i * n + j]);
    norm = Math.max(norm, sum);
  }
  let worst = 0;
  for (const i of [0, 1, n >> 1, n - 1]) {
    const v = vector(i);
    let sum = 0;
    for (let row = 0; row < n; row++) {
      let product = -values[i] * v[row];
      for (let j = 0; j < n; j++) product += a[row * n + j] * v[j];
      sum += Math.abs(product);
    }
    worst = Math.max(worst, sum / (n * 2 ** -52 * norm));
  }
  return worst;
}

const makers = { 'ml-matrix': mlMatrix, 'numpy-ts': numpyTs };
const { version, tasks } = await (makers[name] ?? ours)();
await answerLines({ version, tasks: Object.keys(tasks) }, (line) => {
  const { task, n } = JSON.parse(line);
  const a = matrix(task, n);
  const copy = a.slice();
  const start = performance.now();
  const result = tasks[task](copy, n);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, values: [...result.values].sort((x, y) => y - x), residual: residual(a, n, result) };
});
