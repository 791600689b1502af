// Thousands of random Hermitian operators with known spectra: node packages/lanczos/test/complex/soak.mjs [runs 2000] [first 0], after a build.
// A run is wrong if it is called converged and its list is not the wanted one with multiplicity, a residual is not what a product gives, or vectors are not orthonormal.
import { eigshComplex, fromComplexMatvec } from '../../dist/complex.js';
import { stream } from '@hyperribbon/random';
import { faultsOf, spectra, uniforms } from '../soaks/spectra.mjs';

const [runs, first] = [Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 0)];
let [wrong, converged] = [0, 0];
for (let seed = first; seed < first + runs; seed++) {
  const draw = stream({ seed, purpose: 'soak/complex' });
  const u = uniforms(draw);
  const name = Object.keys(spectra)[Math.floor(u() * 6)];
  const n = 1 + Math.floor(u() * 120);
  const scale = u() < 0.1 ? 1e120 : u() < 0.1 ? 1e-120 : 1;
  const dtype = u() < 0.2 && scale === 1 ? 'float32' : 'float64';
  const all = Float64Array.from(spectra[name](n, u), (x) => x * scale);
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
  const { want, have, off, multiplicity } = faultsOf(report.values, all, { k, which, slack });
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
