import { integer, number } from '../../page/format.js';
import { figureBlock, numeric, paragraph, section, small, subsection, table, type Cell } from '../../page/parts.js';
import { alphaFlowFigure } from './flowFigure.js';
import type { WeightSpectraSection, WeightSpectrumRow } from './shape.js';
import { weightSpectraFigure } from './spectraFigure.js';

export function weightSpectraDetails(content: WeightSpectraSection): string {
  const { layers, refused, draws, values, compared, other } = content;
  return section(
    'weight-spectra',
    'Spectra of the weights',
    paragraph(
      `Of ${integer(layers.length + refused.length)} arrays ${integer(layers.length)} have a spectrum here; ` +
        `${refused.length === 0 ? 'none is left out' : `${integer(refused.length)} are listed below with the reason why not`}.`,
    ),
    figureBlock(weightSpectraFigure(content)),
    figureBlock(alphaFlowFigure(content)),
    ...(layers.length === 0 ? [] : [fits(layers), norms(layers)]),
    ...(values.length === 0 ? [] : [means(content)]),
    ...(refused.length === 0 ? [] : [refusals(content)]),
    ...(compared === undefined ? [] : [distances(compared, other ?? 'another checkpoint')]),
    small(
      'An array (out, in) is a matrix; filters are one matrix (out, in) for each place of the kernel, times √(places/2), their eigenvalues pooled. Eigenvalues are squares of singular values, not divided by a side; ' +
        'the law is fitted where the largest distance from the left to its tail is smallest. ' +
        (draws > 0
          ? `Intervals and p: ${integer(draws)} simulated spectra a layer, each with its own beginning of the tail. `
          : 'Without simulation no exponent here has an interval, and nothing says whether its law fits. ') +
        'An exponent does not say by itself how well a network generalises.',
    ),
  );
}

function exponent({ alpha }: Pick<WeightSpectrumRow, 'alpha'>): Cell {
  return alpha === null ? '∞' : number(alpha);
}

function fits(layers: readonly WeightSpectrumRow[]): string {
  return subsection(
    'Tails',
    table(
      ['layer', 'shape', ...numeric('α', 'from', 'to', 'p', 'D', 'xmin', 'tail'), 'what it says'],
      layers.map((layer) => [
        layer.name,
        layer.shape.join(' × '),
        exponent(layer),
        ...[layer.interval?.[0], layer.interval?.[1], layer.p].map((x) => (x === undefined ? null : number(x))),
        number(layer.D),
        number(layer.xmin),
        `${integer(layer.tail)} of ${integer(layer.count)}`,
        layer.verdict,
      ]),
      { dense: true },
    ),
  );
}

function norms(layers: readonly WeightSpectrumRow[]): string {
  const optional = (x: number | null | undefined): Cell => (x == null ? null : number(x));
  return subsection(
    'Norms, and what stands out of noise',
    table(
      [
        'layer',
        ...numeric(
          'log norm',
          'log spectral norm',
          'α log λmax',
          'log α-norm',
          'stable rank',
          'entropy',
          'spikes',
          'p',
          'beyond WeightWatcher’s edge',
          'traps',
          'α, one ratio',
        ),
      ],
      layers.map((layer) => [
        layer.name,
        number(layer.logNorm),
        number(layer.logSpectralNorm),
        optional(layer.alphaHat),
        optional(layer.logAlphaNorm),
        number(layer.stableRank),
        number(layer.entropy),
        integer(layer.spikes),
        number(layer.spikesP),
        integer(layer.shiftedSpikes),
        layer.traps === undefined ? null : integer(layer.traps),
        optional(layer.fixedRatioAlpha),
      ]),
      { dense: true },
    ),
  );
}

function means({ values }: WeightSpectraSection): string {
  return subsection(
    'Means over layers',
    table(
      ['metric', ...numeric('mean', 'standard error', 'layers')],
      values.map(({ metric, mean, standardError, layers }) => [
        metric,
        number(mean),
        standardError === null ? null : number(standardError),
        integer(layers),
      ]),
    ),
  );
}

function refusals({ refused }: WeightSpectraSection): string {
  return subsection(
    'Not analysed',
    table(
      ['array', 'shape', 'why'],
      refused.map(({ name, shape, sentence }) => [name, shape.join(' × '), sentence]),
      { dense: true },
    ),
  );
}

function distances(compared: NonNullable<WeightSpectraSection['compared']>, other: string): string {
  const optional = (x: number | null | undefined): Cell => (x == null ? null : number(x));
  return subsection(
    `Distance from ${other}`,
    table(
      ['array', ...numeric('distance', 'relative', 'cosine', 'spectral norm', 'stable rank'), 'why not'],
      compared.map(({ name, distance, relative, cosine, spectral, stableRank, reason }) => [
        name,
        ...[distance, relative, cosine, spectral, stableRank].map(optional),
        reason ?? null,
      ]),
      { dense: true },
    ),
  );
}
