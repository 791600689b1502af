// Thousands of random pencils with known spectra, B in three ways: node packages/lanczos/test/generalised/soak.mjs [runs 2000] [first 0], after a build.
// A run is wrong if it is called converged and its list is not the wanted one with multiplicity, or a residual is not what products give.
import { eigshGeneralised, fromMatvec } from '../../dist/generalised.js';
import { stream } from '@hyperribbon/random';
import { faultsOf, spectra, uniforms } from '../soaks/spectra.mjs';

const [runs, first] = [Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 0)];
let [wrong, converged] = [0, 0];
const reasons = {};
for (let seed = first; seed < first + runs; seed++) {
  const draw = stream({ seed, purpose: 'soak/generalised' });
  const u = uniforms(draw);
  const name = Object.keys(spectra)[Math.floor(u() * 6)];
  const n = 1 + Math.floor(u() * 150);
  const [scaleA, scaleB] = u() < 0.15 ? [1e120, 1e-100] : u() < 0.15 ? [1e-120, 1e90] : [1, 1];
  const all = Float64Array.from(spectra[name](n, u));
  const k = 1 + Math.floor(u() * Math.min(n, 8));
  const which = ['LA', 'SA', 'BE', 'LM'][Math.floor(u() * 4)];
  // B = (F D F) with a reflection F and D spread over `decades`; A = R Λ Rᵀ with R = F √D G
  const decades = [0, 1, 3, 5][Math.floor(u() * 4)];
  const roots = Float64Array.from({ length: n }, () => 10 ** ((decades * (u() - 0.5)) / 2));
  const reflection = () => {
    const h = new Float64Array(n);
    draw.normal(h);
    const size = h.reduce((sum, x) => sum + x * x, 0);
    return (x) => {
      const share = (2 * h.reduce((sum, value, i) => sum + value * x[i], 0)) / size;
      return x.map((value, i) => value - share * h[i]);
    };
  };
  const way = ['diagonal', 'matrix', 'product'][Math.floor(u() * 3)];
  const plain = (x) => x.slice();
  const F = way === 'diagonal' ? plain : reflection();
  const G = reflection();
  const times = (of) => (x) => x.map((value, i) => of(i) * value);
  const A = (x) =>
    times(() => scaleA)(F(times((i) => roots[i])(G(times((i) => all[i])(G(times((i) => roots[i])(F(x))))))));
  const product = (x) => times(() => scaleB)(F(times((i) => roots[i] ** 2)(F(x))));
  const solve = (b) => times(() => 1 / scaleB)(F(times((i) => 1 / roots[i] ** 2)(F(b))));
  // some solves are inexact
  const wrongBy = u() < 0.2 ? 10 ** (-2 - 10 * u()) : 0;
  const B =
    way === 'diagonal'
      ? { diagonal: roots.map((x) => x * x * scaleB) }
      : way === 'product'
        ? {
            product: fromMatvec(n, product),
            solve: wrongBy > 0 ? (b) => solve(b).map((x, i) => x * (1 + wrongBy * Math.sin(3 * i + 1))) : solve,
          }
        : {
            matrix: Float64Array.from({ length: n * n }, (_, at) => {
              const e = new Float64Array(n);
              e[at % n] = 1;
              return product(e)[Math.floor(at / n)];
            }),
          };
  const report = await eigshGeneralised(fromMatvec(n, A), B, {
    k,
    which,
    seed,
    denseBelow: u() < 0.5 ? 0 : 1024,
    maxMatvecs: 2500,
  });
  reasons[report.reason] = (reasons[report.reason] ?? 0) + 1;
  if (!report.converged) continue;
  converged += 1;
  const ratio = scaleA / scaleB;
  const largest = all.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  // as much as is promised: the tolerance, or the noise that was told
  const slack = (4e-8 + 4 * report.noise) * largest;
  const listed = Array.from(report.values, (x) => x / ratio);
  const { want, have, off, multiplicity } = faultsOf(listed, all, { k, which, slack });
  let residual = false;
  for (let i = 0; i < k; i++) {
    const x = Float64Array.from(report.vectors.subarray(n * i, n * (i + 1)));
    // sizes of one
    const y = x.map((value) => value * Math.sqrt(scaleB));
    const r = A(y).map((value, j) => value / scaleA - listed[i] * (product(y)[j] / scaleB));
    const form = Math.sqrt(
      Math.max(
        0,
        r.reduce((sum, value, j) => sum + value * (solve(r)[j] * scaleB), 0),
      ),
    );
    if (!(form <= 1.5 * (report.residualNorms[i] / ratio) + 1e-13 * largest * 10 ** decades)) residual = true;
  }
  const loose = !(report.orthogonality < 1e-12 * 10 ** decades);
  if (off || multiplicity || residual || loose) {
    wrong += 1;
    console.log(
      `wrong: seed ${seed}, ${name}, n ${n}, k ${k}, ${which}, ${way}, decades ${decades}`,
      { off, multiplicity, residual, loose },
      want,
      have,
      report.noise,
    );
  }
}
console.log(`${wrong} wrong of ${runs} runs, ${converged} converged`, reasons);
process.exit(wrong === 0 ? 0 : 1);
