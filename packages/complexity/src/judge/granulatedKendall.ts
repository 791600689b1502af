import { refuse, requireNoOthers } from '@hyperribbon/contract';
import { weightedTau } from './kendall.js';
import { codesOf, type MeasuredRuns, requireNames, requireRuns, type RowWeights } from './runs.js';

export interface GranulatedOptions {
  /** names of the settings that are varied; default all */
  readonly axes?: readonly string[];
}

export interface GranulatedAxis {
  readonly axis: string;
  /** ψ: mean of τ over the cells; NaN where there is none */
  readonly value: number;
  /** sets of networks that differ in this axis alone */
  readonly cells: number;
  /** networks that stand in no cell, since no other differs from them in this axis alone */
  readonly alone: number;
}

export interface GranulatedKendall {
  /** Ψ: mean of ψ over the axes that have cells; NaN where none has */
  readonly value: number;
  readonly axes: readonly GranulatedAxis[];
}

/**
 * Kendall's τ within sets of networks that differ in one thing alone, its mean ψ for each thing, and the mean Ψ of those: a measure that merely follows one
 * setting, such as the width, does not profit from it elsewhere.
 *
 * Two networks of a cell that agree in the axis (repeats that no name tells apart) are not compared. A measure that is constant on a cell has τ = 0 there.
 *
 * @param runs networks, their measure and gaps
 * @returns Ψ and ψ, each in [−1, 1]
 * @throws ArgumentError as {@link MeasuredRuns} demands, for an axis that no setting has
 * Cost: pairs within cells
 * @example
 * const settings = [2, 4, 8].flatMap((depth) => [32, 128].map((width) => ({ depth, width })));
 * granulatedKendall({ settings, measure: [1, 1.5, 2, 0.5, 3, 2.5], gaps: [0.1, 0.08, 0.15, 0.16, 0.22, 0.12] }).value; // ψ 1/3 and −1/3: 0
 * Source: [jiang2020].
 */
export function granulatedKendall(runs: MeasuredRuns, { axes, ...others }: GranulatedOptions = {}): GranulatedKendall {
  requireNoOthers('granulatedKendall', others, 'GranulatedOptions');
  const names = requireRuns('granulatedKendall', runs);
  const asked = axes ?? names;
  requireNames('granulatedKendall', 'axes', asked, names);
  if (asked.length === 0) refuse('granulatedKendall', 'axes must name at least one setting, got none');
  const cells = asked.map((axis) => cellsOf(runs, names, axis));
  return granulated(asked, cells, runs, undefined);
}

/** Rows of each cell of an axis that has at least two values of it. */
export interface Cells {
  readonly cells: readonly (readonly number[])[];
  readonly values: Int32Array;
  readonly alone: number;
}

export function cellsOf({ settings }: Pick<MeasuredRuns, 'settings'>, names: readonly string[], axis: string): Cells {
  const others = codesOf(
    settings,
    names.filter((name) => name !== axis),
  );
  const values = codesOf(settings, [axis]);
  const byCode = new Map<number, number[]>();
  others.forEach((code, row) => {
    const rows = byCode.get(code);
    if (rows === undefined) byCode.set(code, [row]);
    else rows.push(row);
  });
  const all = [...byCode.values()];
  const cells = all.filter((rows) => rows.some((row) => values[row] !== values[rows[0]]));
  const inCells = cells.reduce((sum, rows) => sum + rows.length, 0);
  return { cells, values, alone: settings.length - inCells };
}

export function granulated(
  axes: readonly string[],
  cellsOfAxes: readonly Cells[],
  { measure, gaps }: Pick<MeasuredRuns, 'measure' | 'gaps'>,
  weights: RowWeights | undefined,
): GranulatedKendall {
  const found = axes.map((axis, k): GranulatedAxis => {
    const { cells, alone, values } = cellsOfAxes[k];
    const taus = cells.map((rows) => tauBetween(rows, values)).filter((tau) => tau !== undefined);
    return { axis, value: mean(taus), cells: taus.length, alone };
  });
  return { value: mean(found.map(({ value }) => value).filter((value) => !Number.isNaN(value))), axes: found };

  function tauBetween(rows: readonly number[], values: Int32Array): number | undefined {
    const repeated = new Set(rows.map((row) => values[row])).size < rows.length;
    return repeated ? tauAcross(rows, values) : weightedTau(rows, measure, gaps, weights);
  }

  /** Pairs with the same value of the axis are left out. */
  function tauAcross(rows: readonly number[], values: Int32Array): number | undefined {
    let [score, total] = [0, 0];
    for (const i of rows)
      for (const j of rows) {
        if (values[i] >= values[j]) continue;
        const weight = (weights?.[i] ?? 1) * (weights?.[j] ?? 1);
        total += weight;
        score += weight * (weightedTau([i, j], measure, gaps, undefined) ?? 0);
      }
    return total > 0 ? score / total : undefined;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
