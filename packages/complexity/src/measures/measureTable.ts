import type { Standing } from '../bounds/bound.js';
import type { Measure } from './measure.js';

/** What is known of a measure before any network is looked at. */
export interface MeasureKind extends Pick<Measure, 'name' | 'equation' | 'source' | 'standing' | 'reportedIs'> {
  /** μ, for people; γ is the margin, s, f and ω are as in docs/theory/complexity-measures.md */
  readonly formula: string;
}

const DZIUGAITE = 'dziugaite2020, authors’ code';

/** What the authors' code or their paper says. */
function row(
  name: string,
  formula: string,
  {
    equation,
    source = DZIUGAITE,
    standing = 'paper',
    log = false,
  }: {
    readonly equation?: number;
    readonly source?: string;
    readonly standing?: Standing;
    readonly log?: boolean;
  } = {},
): MeasureKind {
  const reportedIs = log ? 'log' : 'root';
  return { name, formula, source, standing, reportedIs, ...(equation !== undefined && { equation }) };
}

/** @param equation as remembered, not as read in the paper or in code of its authors */
function recalled(name: string, formula: string, equation: string, log: boolean = false): MeasureKind {
  return row(name, formula, { source: `jiang2020, ${equation}, from memory`, standing: 'reconstructed', log });
}

const exact = (kind: MeasureKind): MeasureKind => ({
  ...kind,
  name: `${kind.name}-fft`,
  formula: `${kind.name} with spectral norms of whole linear maps for those of filters`,
  source: 'dziugaite2020, authors’ code, where norms were taken with circular-input',
});

const specInitMain = row('spec-init-main', 'Π s² Σ ‖W − W⁰‖_F²/s² / γ²', { equation: 29, log: true });
const specOrigMain = row('spec-orig-main', 'Π s² Σ f²/s² / γ²', { equation: 30, log: true });
const prodOfSpecOverMargin = row('prod-of-spec-over-margin', 'Π s² / γ²', { equation: 31, log: true });
const prodOfSpec = row('prod-of-spec', 'Π s²', { equation: 32, log: true });
const froOverSpec = row('fro-over-spec', 'Σ f²/s²', { equation: 33 });
const sumOfSpecOverMargin = row('sum-of-spec-over-margin', 'd (Π s² / γ²)^(1/d)', { equation: 34, log: true });
const sumOfSpec = row('sum-of-spec', 'd (Π s²)^(1/d)', { equation: 35, log: true });
const distSpecInit = row('dist-spec-init', 'Σ ‖W − W⁰‖₂²', { equation: 41 });

/**
 * Every measure in the order in which {@link allMeasures} gives them: by the numbers of [jiang2020], then exact spectral norms, then what has no number.
 *
 * Where a row is `reconstructed` neither the formula nor the number in its source was read in the paper or in code of its authors.
 *
 * @example measureTable.find(({ name }) => name === 'path-norm').equation; // 44
 */
export const measureTable: readonly MeasureKind[] = [
  recalled('vc', 'd log₂(6 d n)³ Σ k² c c₋', 'equation 19'),
  row('params', 'ω', { equation: 20 }),
  recalled('params-jiang', 'Σ k² c₋ (c + 1)', 'equation 20'),
  recalled('cross-entropy', 'mean of −ln p(y)', 'equation 21'),
  row('inverse-margin', '1/γ²', { equation: 22 }),
  recalled('output-entropy', 'mean of −Σ p ln p; the measure of the source is its negative', 'equation 23'),
  recalled(
    'spec-init',
    '((84 B Σ k √c + √ln(4 n² d))² Π s² Σ ‖W − W⁰‖_F²/s² + ln(m/δ)) / γ²',
    'equations 24 to 28',
    true,
  ),
  recalled('spec-orig', '((84 B Σ k √c + √ln(4 n² d))² Π s² Σ f²/s² + ln(m/δ)) / γ²', 'equations 24 to 28', true),
  specInitMain,
  specOrigMain,
  prodOfSpecOverMargin,
  prodOfSpec,
  froOverSpec,
  sumOfSpecOverMargin,
  sumOfSpec,
  row('prod-of-fro-over-margin', 'Π f² / γ²', { equation: 36, log: true }),
  row('prod-of-fro', 'Π f²', { equation: 37, log: true }),
  row('sum-of-fro-over-margin', 'd (Π f² / γ²)^(1/d)', { equation: 38, log: true }),
  row('sum-of-fro', 'd (Π f²)^(1/d)', { equation: 39, log: true }),
  row('fro-dist', 'Σ ‖W − W⁰‖_F²', { equation: 40 }),
  distSpecInit,
  row('param-norm', 'Σ f²', { equation: 42 }),
  row('path-norm-over-margin', '(sum of the outputs with squared parameters, at the all-ones input) / γ²', {
    equation: 43,
  }),
  row('path-norm', 'sum of the outputs with squared parameters, at the all-ones input', { equation: 44 }),
  row('fisher-rao', 'mean of ⟨w, ∂ℓ/∂w⟩², labels of the data', {
    source: 'liang2019; jiang2020, equation 45, from memory',
    standing: 'reconstructed',
  }),
  row('fisher-rao-model', 'mean of ⟨w, ∂ℓ/∂w⟩², labels drawn from the network', {
    source: 'liang2019',
    standing: 'reconstructed',
  }),
  row('pacbayes-init', '‖w − w⁰‖²/(4 σ²) + ln(m/σ) + 10', { equation: 48 }),
  row('pacbayes-orig', '‖w‖²/(4 σ²) + ln(m/σ) + 10', { equation: 49 }),
  recalled('sharpness-init', '‖w − w⁰‖² ln(2 ω/δ)/(4 α²) + ln(m/α) + 10', 'equation 51'),
  recalled('sharpness-orig', '‖w‖² ln(2 ω/δ)/(4 α²) + ln(m/α) + 10', 'equation 52'),
  row('pacbayes-flatness', '1/σ²', { equation: 53 }),
  recalled('sharpness-flatness', '1/α²', 'equation 54'),
  row('pacbayes-mag-init', '¼ Σ ln[(ε² + (σ′² + 1) ‖w − w⁰‖²/ω)/(ε² + σ′² (wᵢ − wᵢ⁰)²)] + ln(m/σ′) + 10', {
    equation: 56,
  }),
  row('pacbayes-mag-orig', '¼ Σ ln[(ε² + (σ′² + 1) ‖w‖²/ω)/(ε² + σ′² (wᵢ − wᵢ⁰)²)] + ln(m/σ′) + 10', { equation: 57 }),
  row('pacbayes-mag-orig-own', '¼ Σ ln[(ε² + (σ′² + 1) ‖w‖²/ω)/(ε² + σ′² wᵢ²)] + ln(m/σ′) + 10', {
    source: 'jiang2020, equation 57, as other code reads it',
    standing: 'reconstructed',
  }),
  recalled(
    'sharpness-mag-init',
    'pacbayes-mag-init with α′² + 4 ln(2 ω/δ) for σ′² + 1, α′ for σ′',
    'equations 58 to 60',
  ),
  recalled(
    'sharpness-mag-orig',
    'pacbayes-mag-orig with α′² + 4 ln(2 ω/δ) for σ′² + 1, α′ for σ′',
    'equations 58 to 60',
  ),
  row('pacbayes-mag-flatness', '1/σ′²', { equation: 61 }),
  recalled('sharpness-mag-flatness', '1/α′²', 'equation 62'),
  exact(specInitMain),
  exact(specOrigMain),
  exact(prodOfSpecOverMargin),
  exact(prodOfSpec),
  exact(froOverSpec),
  exact(sumOfSpecOverMargin),
  exact(sumOfSpec),
  exact(distSpecInit),
  row('l2', '‖w‖'),
  row('l2-dist', '‖w − w⁰‖'),
  recalled('steps-to-0.1', 'steps of training to a cross-entropy of 0.1', 'section 7'),
  recalled('steps-0.1-to-0.01', 'steps from there to 0.01', 'section 7'),
  recalled('gradient-noise-early', 'variance of batch gradients after the first epoch', 'section 7'),
  recalled('gradient-noise-final', 'variance of batch gradients at the end', 'section 7'),
];

/** Place of a measure in {@link measureTable}; after all of them where it is not there. */
export function orderOf({ name }: Pick<Measure, 'name'>): number {
  const place = measureTable.findIndex((kind) => kind.name === name);
  return place < 0 ? measureTable.length : place;
}

/** @throws Error for a name that is not in the table, which no caller can give */
export function kindOf(name: string): MeasureKind {
  const kind = measureTable.find((row) => row.name === name);
  if (kind === undefined) throw new Error(`there is no measure ${name}`);
  return kind;
}
