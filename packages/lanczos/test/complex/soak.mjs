// Thousands of random Hermitian operators with known spectra: node packages/lanczos/test/complex/soak.mjs [runs 2000] [first 0], after a build.
// A run is wrong if it is called converged and its list is not the wanted one with multiplicity, a residual is not what a product gives, or vectors are not orthonormal.
import { eigshComplex, fromComplexMatvec } from '../../dist/complex.js';
import { stream } from '@hyperribbon/random';

const [runs, first] = [Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 0)];
const kinds = {
  integers: (n, u) => Array.from({ length: n }, () => Math.floor(u() * 12)),
  uniform: (n, u) => Array.from({ length: n }, () => u() - 0.5),
  sloppy: (n, u) => Array.from({ length: n }, (_, i) => 10 ** (-8 * u() - (i % 3))),
  clusters: (n, u) => Array.from({ length: n }, (_, i) => (i % 5) + 1e-9 * u()),
  lowRank: (n, u) => Array.from({ length: n }, (_, i) => (i < 3 ? u() - 0.5 : 0)),
  grid: (n) => Array.from({ length: n }, (_, i) => 4 * Math.sin((Math.PI * (i + 1)) / (2 * (n + 1))) ** 2),
};
const wantedOf = {
  LA: (all, k) => all.slice(0, k),
  SA: (all, k) => all.slice(-k),
  BE: (all, k) => [...all.slice(0, Math.ceil(k / 2)), ...all.slice(all.length - Math.floor(k / 2))],
  LM: (all, k) =>
    all
      .slice()
      .sort((a, b) => Math.abs(b) - Math.abs(a))
      .slice(0, k),
};
let [wrong, converged] = [0, 0];
for (let seed = first; seed < first + runs; seed++) {
  const draw = stream({ seed, purpose: 'soak/complex' });
  const one = new Float64Array(1);
  const u = () => {
    draw.uniform(one);
    return one[0];
  };
  const name = Object.keys(kinds)[Math.floor(u() * 6)];
  const n = 1 + Math.floor(u() * 120);
  const scale = u() < 0.1 ? 1e120 : u() < 0.1 ? 1e-120 : 1;
  const dtype = u() < 0.2 && scale === 1 ? 'float32' : 'float64';
  const all = Float64Array.from(kinds[name](n, u), (x) => x * scale);
  const largest = all.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const k = 1 + Math.floor(u() * Math.min(n, 8));
  const which = ['LA', 'SA', 'BE', 'LM'][Math.floor(u() * 4)];
  // a complex reflection after phases, so that eigenvectors are complex
  const h = new Float64Array(2 * n);
  draw.normal(h);
  const size = h.reduce((sum, x) => sum + x * x, 0);
  const reflect = (x) => {
    let [re, im] = [0, 0];
    for (let i = 0; i < 2 * n; i += 2) {
      re += h[i] * x[i] + h[i + 1] * x[i + 1];
      im += h[i] * x[i + 1] - h[i + 1] * x[i];
    }
    return Float64Array.from(x, (value, j) => {
      const i = j & ~1;
      const part = j % 2 === 0 ? re * h[i] - im * h[i + 1] : re * h[i + 1] + im * h[i];
      return value - (2 * part) / size;
    });
  };
  const through = (x) => reflect(reflect(x).map((value, i) => all[i >> 1] * value));
  const plain = (x) => Float64Array.from(x, (value, i) => all[i >> 1] * value);
  const exact = u() < 0.2 ? plain : through;
  const H = fromComplexMatvec(n, (x, out) => out.set(exact(x)), { dtype });
  const report = await eigshComplex(H, { k, which, seed, denseBelow: u() < 0.5 ? 0 : 1024, maxMatvecs: 3000 });
  if (!report.converged) continue;
  converged += 1;
  const slack = (dtype === 'float32' ? 3e-5 : 3e-8) * largest;
  const descending = all.slice().sort((a, b) => b - a);
  const wanted = Array.from(wantedOf[which](Array.from(descending), k)).sort((a, b) => b - a);
  const by = (x) => (which === 'LM' ? Math.abs(x) : x);
  const [want, have] = [wanted.map(by).sort((a, b) => b - a), Array.from(report.values, by).sort((a, b) => b - a)];
  const off = want.some((value, i) => Math.abs(value - have[i]) > slack);
  const multiplicity = report.values.some(
    (value) =>
      report.values.filter((other) => Math.abs(other - value) <= slack).length >
      all.filter((other) => Math.abs(other - value) <= 3 * slack).length,
  );
  let residual = false;
  for (let i = 0; i < k; i++) {
    const v = Float64Array.from(report.vectors.subarray(2 * n * i, 2 * n * (i + 1)));
    const y = exact(v);
    const left = Math.sqrt(
      y.reduce((sum, value, j) => sum + ((value - report.values[i] * v[j]) / (largest || 1)) ** 2, 0),
    );
    if (left > 1.5 * (report.residualNorms[i] / (largest || 1)) + (dtype === 'float32' ? 1e-5 : 1e-13)) residual = true;
  }
  const loose = !(report.orthogonality < (dtype === 'float32' ? 1e-5 : 1e-12));
  if (off || multiplicity || residual || loose) {
    wrong += 1;
    console.log(
      `wrong: seed ${seed}, ${name}, n ${n}, k ${k}, ${which}, ${dtype}`,
      { off, multiplicity, residual, loose },
      want,
      have,
    );
  }
}
console.log(`${wrong} wrong of ${runs} runs, ${converged} converged`);
process.exit(wrong === 0 ? 0 : 1);
