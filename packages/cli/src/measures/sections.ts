import {
  type AllBounds,
  logSpectralComplexity,
  type Measure,
  type NormBound,
  type SpectralLayer,
} from '@hyperribbon/complexity';
import { exp, log } from '@hyperribbon/kernels';
import type {
  CollapseRow,
  CollapseSection,
  ComplexityMeasuresSection,
  LayerRankRow,
  MarginsSection,
  NormBoundsSection,
} from '@hyperribbon/report';
import type { NormBoundsResult } from '../jobs/normBounds.js';
import type { TrainCollapseResult } from '../jobs/trainCollapse.js';

type Collapse = TrainCollapseResult['moments'][number]['collapse'];

/** Numbers that JSON has: null for −∞, ∞ and NaN. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

export function boundsSection(
  { bounds, sample, leftOut }: Pick<NormBoundsResult, 'bounds' | 'sample' | 'leftOut'>,
  testError: number | undefined,
): NormBoundsSection {
  return {
    delta: bounds.delta,
    examples: sample.count,
    margins: bounds.margins.length,
    bounds: bounds.bounds.map(boundRow),
    trivial: bounds.trivial.name,
    parameterCounting: bounds.parameterCounting.name,
    ...(testError === undefined ? {} : { testError }),
    leftOut,
  };
}

function boundRow(bound: NormBound): NormBoundsSection['bounds'][number] {
  const { name, title, source, standing, constants, unknown, margin, empirical, empiricalIs, vacuous } = bound;
  const { terms, logGap, union, assumptions, caveats } = bound;
  return {
    name,
    title,
    source,
    standing,
    constants,
    ...(unknown === undefined ? {} : { unknown }),
    ...(margin === undefined ? {} : { margin }),
    empirical,
    empiricalIs,
    terms: terms.flatMap((term) => (Number.isNaN(term.log) ? [] : [{ name: term.name, log: finite(term.log) }])),
    logValue: finite(logOfSum(empirical, logGap)),
    vacuous,
    union,
    assumptions,
    caveats,
  };
}

/** ln(a + e^b) */
function logOfSum(a: number, b: number): number {
  const first = log(a);
  const most = Math.max(first, b);
  return most === -Infinity || !Number.isFinite(most) ? most : most + log(exp(first - most) + exp(b - most));
}

/** Quantiles, evenly spaced, of at most 400 margins. */
export function marginsSection({ sample, bounds, network }: NormBoundsResult): MarginsSection {
  const sorted = sample.margins.slice().sort();
  const count = Math.min(400, sorted.length);
  const quantiles = Array.from(
    { length: count },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / Math.max(1, count - 1))],
  );
  const proven = smallestProven(bounds);
  const complexity = exp(logSpectralComplexity(network.layers.map(spectralLayer))) * (sample.frobenius / sample.count);
  return {
    examples: sample.count,
    quantiles,
    mistakes: sorted.filter((margin) => margin <= 0).length / sorted.length,
    ...(proven?.margin === undefined ? {} : { chosen: proven.margin }),
    ...(complexity > 0 && Number.isFinite(complexity) ? { normalizer: complexity } : {}),
  };
}

function spectralLayer({ map, lipschitz }: NormBoundsResult['network']['layers'][number]): SpectralLayer {
  return { spectral: map.spectral, difference: map.rowSum, lipschitz: Number.isNaN(lipschitz) ? 1 : lipschitz };
}

/** The smallest with all its constants that is a statement on this network, and no reconstruction. */
export function smallestProven({ bounds }: AllBounds): NormBound | undefined {
  return bounds.find(
    ({ constants, standing, caveats }) =>
      constants === 'explicit' && standing !== 'reconstructed' && caveats.length === 0,
  );
}

export function measuresSection(
  measures: readonly Measure[],
  examples: number,
  reference: string | undefined,
): ComplexityMeasuresSection {
  return {
    examples,
    ...(reference === undefined ? {} : { reference }),
    measures: measures.map(({ name, equation, source, standing, logValue, reported, reportedIs, ...more }) => ({
      name,
      ...(equation === undefined ? {} : { equation }),
      source,
      standing,
      logValue: finite(logValue),
      reported: finite(reported),
      reportedIs,
      ...(more.standardError === undefined || !Number.isFinite(more.standardError)
        ? {}
        : { standardError: more.standardError }),
      ...(more.undefinedBecause === undefined ? {} : { undefinedBecause: more.undefinedBecause }),
      caveats: more.caveats,
    })),
  };
}

export function ranksSection({ filters: layers, ranks }: NormBoundsResult): readonly LayerRankRow[] {
  return layers.map(({ name, filters, map }, i) => ({
    name,
    rows: filters.rows,
    columns: filters.columns,
    singularValues: Array.from(filters.singularValues ?? []),
    numerical: ranks[i].numerical,
    tolerance: ranks[i].tolerance,
    stable: ranks[i].stable,
    effective: ranks[i].effective,
    ...(Number.isFinite(map.spectral) ? { spectral: map.spectral, spectralIs: map.spectralIs } : {}),
  }));
}

export function collapseSection(
  moments: readonly { readonly epochs: number; readonly collapse: Collapse }[],
): CollapseSection | undefined {
  const last = moments.at(-1)?.collapse;
  if (last === undefined) return undefined;
  return {
    examples: last.count,
    classes: last.classes,
    width: last.width,
    moments: moments.map(({ epochs, collapse }) => collapseRow(epochs, collapse)),
    notes: last.notes,
  };
}

function collapseRow(epoch: number, found: Collapse): CollapseRow {
  const { variability, means, classifier, duality, disagreement, error } = found;
  return {
    epoch,
    variability: finite(variability.perClass),
    meansEquinorm: finite(means.equinorm),
    classifierEquinorm: finite(classifier?.equinorm),
    meansEquiangular: finite(means.equiangular),
    classifierEquiangular: finite(classifier?.equiangular),
    duality: finite(duality?.distance),
    disagreement: finite(disagreement),
    error: finite(error),
  };
}
