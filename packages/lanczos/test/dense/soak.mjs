// node packages/lanczos/test/dense/soak.mjs [matrices=5000] [first=0] [family filter]
// svd and eigh of structured matrices of order 1 to 130 at scales 1e±300: values within 30 eps ‖A‖ of LAPACK's divide and conquer (python3 with numpy; without vectors its values were themselves off by 10 eps), vectors orthonormal
// within 1e-13 n and turning the matrix into its values, none throws. Needs the packages built (npx tsc -b packages/lanczos).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eigh } from '@hyperribbon/lanczos';
import { svd } from '@hyperribbon/lanczos/svd';
import { stream } from '@hyperribbon/random';

const [matrices = '5000', start = '0', filter = ''] = process.argv.slice(2);
const EPS = 2 ** -52;

/** name → matrix (m, n) from uniform numbers in [0, 1) */
const families = {
  groups: (m, n, u) => {
    const parts = 1 + Math.floor(6 * u());
    const [same, other] = [u(), u()];
    return fill(m, n, (i, j) => (i % parts === j % parts ? same : other));
  },
  outliers: (m, n, u) => fill(m, n, (i, j) => (i === j ? 1 : 0) + (u() < 0.02 ? 1000 * u() : 1e-3 * u())),
  oneHot: (m, n, u) => {
    const hot = Array.from({ length: m }, () => Math.floor(u() * n));
    return fill(m, n, (i, j) => (hot[i] === j ? 1 : 0));
  },
  incidence: (m, n, u) => {
    const edges = Array.from({ length: m }, () => [Math.floor(u() * n), Math.floor(u() * n)]);
    return fill(m, n, (i, j) => (edges[i][0] === j ? 1 : 0) - (edges[i][1] === j ? 1 : 0));
  },
  grid: (m, n, u) => {
    const width = 2 + Math.floor(8 * u());
    return fill(m, n, (i, j) => (i === j ? 1 : j === i + 1 || j === i + width ? -1 : 0));
  },
  repeatedRows: (m, n, u) => {
    const few = 1 + Math.floor(4 * u());
    const rows = fill(few, n, () => Math.floor(7 * u()) - 3);
    return fill(m, n, (i, j) => rows[(i % few) * n + j]);
  },
  lowRank: (m, n, u) => {
    const r = 1 + Math.floor(5 * u());
    const [b, c] = [fill(m, r, () => u() - 0.5), fill(r, n, () => u() - 0.5)];
    return fill(m, n, (i, j) =>
      Array.from({ length: r }, (_, q) => b[i * r + q] * c[q * n + j]).reduce((s, x) => s + x, 0),
    );
  },
  laplacian: (m, n, u) => {
    // a star, a random graph or both, of the smaller order; the rest is zero
    const k = Math.min(m, n);
    const [center, density] = [Math.floor(u() * k), u() < 0.5 ? 0 : 0.1];
    const a = fill(m, n, (i, j) => (i < k && j < k && i !== j && (i === center || j === center) ? -1 : 0));
    for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) if (u() < density) a[i * n + j] = a[j * n + i] = -1;
    for (let i = 0; i < k; i++) a[i * n + i] = -a.subarray(i * n, i * n + n).reduce((s, x) => s + x, 0);
    return a;
  },
  integers: (m, n, u) => fill(m, n, () => Math.floor(5 * u()) - 2),
  signs: (m, n, u) => fill(m, n, () => (u() < 0.5 ? -1 : 1)),
  graded: (m, n, u) => fill(m, n, (i, j) => u() * 2 ** (-(i + j) / 3)),
  hilbert: (m, n) => fill(m, n, (i, j) => 1 / (i + j + 1)),
  normal: (m, n, u) => fill(m, n, () => u() + u() + u() - 1.5),
  sparse: (m, n, u) => fill(m, n, () => (u() < 0.05 ? u() : 0)),
};

function fill(m, n, entry) {
  const a = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) a[i * n + j] = entry(i, j);
  return a;
}

const names = Object.keys(families).filter((name) => name.includes(filter));
const scales = [1, 1, 1, 1e300, 1e-300, 1e150, 1e-150];

function matrix(index) {
  const random = stream({ seed: index, purpose: 'estimate' });
  const numbers = random.uniform(new Float64Array(20000));
  let at = 0;
  const u = () => numbers[at++ % numbers.length];
  const m = 1 + Math.floor(130 * u() * u() ** 0.3);
  const n = u() < 0.4 ? m : 1 + Math.floor(130 * u());
  const name = names[index % names.length];
  const a = families[name](m, n, u);
  const largest = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  const scale = scales[Math.floor(index / names.length) % scales.length] / largest;
  return { name, m, n, a: a.map((x) => x * scale), k: Math.min(m, n) };
}

/** A Aᵀ-like symmetric partner of order n: the symmetric part of the square block. */
function symmetric({ a, n, k }) {
  return fill(k, k, (i, j) => 0.5 * a[i * n + j] + 0.5 * a[j * n + i]);
}

/** max |V Vᵀ − I| of k rows of n */
function loss(v, k, n) {
  let worst = 0;
  for (let i = 0; i < k; i++)
    for (let j = 0; j <= i; j++) {
      let s = i === j ? -1 : 0;
      for (let c = 0; c < n; c++) s += v[i * n + c] * v[j * n + c];
      worst = Math.max(worst, Math.abs(s));
    }
  return worst;
}

/** LAPACK's singular values and eigenvalues of matrices, with the scale taken out first. */
function lapack(list) {
  const folder = mkdtempSync(join(tmpdir(), 'dense-'));
  writeFileSync(
    join(folder, 'in.json'),
    JSON.stringify(list.map(({ m, n, a, s, k }) => [m, n, Array.from(a), k, Array.from(s)])),
  );
  const program = `
import json, numpy as np
out = []
for m, n, a, k, s in json.load(open(r'${folder}/in.json')):
    A = np.array(a, float).reshape(m, n); S = np.array(s, float).reshape(k, k)
    c = float(np.abs(A).max()) or 1.0
    out.append([c, list(np.linalg.svd(A / c)[1]), list(np.linalg.eigh(S / c)[0][::-1])])
json.dump(out, open(r'${folder}/out.json', 'w'))`;
  const { status, stderr } = spawnSync('python3', ['-c', program]);
  if (status !== 0) throw new Error(String(stderr));
  const found = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));
  rmSync(folder, { recursive: true });
  return found;
}

const worst = { svd: [0, ''], eigh: [0, ''], u: [0, ''], v: [0, ''], vectors: [0, ''], product: [0, ''] };
let [failed, beyond] = [0, 0];
const note = (kind, x, what, limit) => {
  if (x > worst[kind][0]) worst[kind] = [x, what];
  if (x <= limit) return;
  beyond++;
  if (beyond < 40) console.log(`BEYOND ${kind} ${x.toPrecision(4)} of ${limit}: ${what}`);
};

for (let first = Number(start); first < Number(start) + Number(matrices); first += 200) {
  const count = Math.min(200, Number(start) + Number(matrices) - first);
  const list = Array.from({ length: count }, (_, i) => matrix(first + i)).map((x) => ({ ...x, s: symmetric(x) }));
  const exact = lapack(list);
  list.forEach(({ name, m, n, a, s, k }, i) => {
    const what = `${name} ${m} × ${n}, number ${first + i}`;
    const [scale, values, eigenvalues] = exact[i];
    try {
      const { values: sigma, u, v } = svd(a, m, n, { vectors: true });
      const norm = values[0] || 1;
      note('svd', Math.max(0, ...values.map((x, q) => Math.abs(sigma[q] / scale - x))) / norm / EPS, what, 30);
      const plain = svd(a, m, n).values;
      note(
        'svd',
        Math.max(0, ...values.map((x, q) => Math.abs(plain[q] / scale - x))) / norm / EPS,
        `${what}, no vectors`,
        30,
      );
      note('u', loss(u, k, m) / m, what, 1e-13);
      note('v', loss(v, k, n) / n, what, 1e-13);
      // A vᵀ = uᵀ σ
      let off = 0;
      for (let q = 0; q < k; q++)
        for (let r = 0; r < m; r++) {
          let t = (-sigma[q] / scale) * u[q * m + r];
          for (let c = 0; c < n; c++) t += (a[r * n + c] / scale) * v[q * n + c];
          off = Math.max(off, Math.abs(t));
        }
      note('product', off / norm / EPS / Math.max(m, n), what, 30);
      const { values: lambda, vectors } = eigh(s, k, { vectors: true });
      const size = Math.max(Math.abs(eigenvalues[0]), Math.abs(eigenvalues[k - 1])) || 1;
      note('eigh', Math.max(0, ...eigenvalues.map((x, q) => Math.abs(lambda[q] / scale - x))) / size / EPS, what, 30);
      note('vectors', loss(vectors, k, k) / k, what, 1e-13);
    } catch (error) {
      failed++;
      console.log(`THREW ${what}: ${error.message}`);
    }
  });
}
console.log(worst);
console.log(`${matrices} matrices, ${failed} threw, ${beyond} beyond a limit`);
process.exitCode = failed + beyond > 0 ? 1 : 0;
