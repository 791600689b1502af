import { refuse } from '@hyperribbon/contract';
const CELL_FIELDS = [
  'explained1',
  'explained2',
  'explained3',
  'participationRatio',
  'slope',
  'rSquared',
  'plateauRatio',
  'directionsAbove',
  'targetTrace',
] as const;
const ROW_FIELDS = ['initializationTrace', 'plateauLength', 'order'] as const;

type Fields = Readonly<Record<(typeof CELL_FIELDS)[number] | (typeof ROW_FIELDS)[number], Float64Array>>;

/**
 * Criteria over a grid of (decay, T) rows and ρ columns; plain data, fit for structured clone. Initial scale σ_w = 1, λ₁ = 1 (model spectra).
 *
 * (rows, ratios): `explained1`, `explained2`, `explained3`; `participationRatio`, `slope`, `rSquared`, `plateauRatio` as in ribbonCriteria;
 * `directionsAbove` k_c; `targetTrace`. (rows,): `initializationTrace`, `plateauLength` k*, `order` of the eigenvalue problems.
 */
export interface PhaseDiagram extends Fields, DiagramAxes {
  readonly status: 'reconstruction';
  readonly rows: { readonly from: number; readonly to: number };
  readonly count: number;
  readonly exponent: number;
  /** (rows, ratios, count) eigenvalues of the covariance, descending */
  readonly eigenvalues: Float64Array;
}

/** Axes of the whole grid; with a spectrum of one's own `decays` holds its slope. */
export interface DiagramAxes {
  readonly decays: Float64Array;
  readonly steps: Float64Array;
  readonly ratios: Float64Array;
}

/**
 * Puts the parts of one diagram together, in any order.
 * @throws ArgumentError when they are of different grids, overlap or leave rows out
 * @example
 * const part = (from: number) => phaseDiagram({ decays: [1, 2], ratios: [1], steps: [9], rows: { from, to: from + 1 } });
 * joinPhaseDiagrams([await part(1), await part(0)]).rows; // { from: 0, to: 2 }
 */
export function joinPhaseDiagrams(parts: readonly PhaseDiagram[]): PhaseDiagram {
  if (parts.length === 0) refuse('joinPhaseDiagrams', 'parts must not be empty');
  const sorted = parts.toSorted((a, b) => a.rows.from - b.rows.from);
  const [first] = sorted;
  const last = sorted[sorted.length - 1];
  sorted.forEach((part, i) => {
    const same = (a: Float64Array, b: Float64Array): boolean =>
      a.length === b.length && a.every((v, k) => Object.is(v, b[k]));
    const axes = (['decays', 'steps', 'ratios'] as const).every((axis) => same(part[axis], first[axis]));
    if (!axes || part.count !== first.count || part.exponent !== first.exponent) {
      refuse('joinPhaseDiagrams', `parts must be of one grid, part of rows ${part.rows.from}..${part.rows.to} is not`);
    }
    if (i > 0 && part.rows.from !== sorted[i - 1].rows.to) {
      refuse('joinPhaseDiagrams', `rows must follow each other, got ${part.rows.from} after ${sorted[i - 1].rows.to}`);
    }
  });
  const whole = emptyDiagram(first, { from: first.rows.from, to: last.rows.to }, first.count, first.exponent);
  const columns = first.ratios.length;
  for (const part of sorted) {
    const at = part.rows.from - first.rows.from;
    whole.eigenvalues.set(part.eigenvalues, at * columns * first.count);
    for (const field of CELL_FIELDS) whole[field].set(part[field], at * columns);
    for (const field of ROW_FIELDS) whole[field].set(part[field], at);
  }
  return whole;
}

/** Puts the numbers of a cell, or of a row, in their places. */
export function setFields(
  diagram: PhaseDiagram,
  at: number,
  values: Readonly<Partial<Record<keyof Fields, number>>>,
): void {
  for (const [field, value] of Object.entries(values)) diagram[field as keyof Fields][at] = value;
}

/** A diagram of the given rows, all zero. */
export function emptyDiagram(
  { decays, steps, ratios }: DiagramAxes,
  rows: { readonly from: number; readonly to: number },
  count: number,
  exponent: number,
): PhaseDiagram {
  const height = rows.to - rows.from;
  const zeros = <Field extends string>(fields: readonly Field[], size: number): Record<Field, Float64Array> =>
    Object.fromEntries(fields.map((field) => [field, new Float64Array(size)])) as Record<Field, Float64Array>;
  return {
    status: 'reconstruction',
    decays,
    steps,
    ratios,
    rows: { from: rows.from, to: rows.to },
    count,
    exponent,
    eigenvalues: new Float64Array(height * ratios.length * count),
    ...zeros(CELL_FIELDS, height * ratios.length),
    ...zeros(ROW_FIELDS, height),
  };
}
