import {
  depthFlow,
  modelValues,
  type AnalyzedTensor,
  type RefusedTensor,
  type TensorReport,
} from '@hyperribbon/complexity/weights';
import { cells, cutCells } from '@hyperribbon/report/terminal';
import { metricTitles } from './metricTitles.js';
import type { ComparedTensor, WeightsResult } from './runWeights.js';
import { probability, verdict } from './verdict.js';

/** What a file's arrays are like, in tables for a terminal. */
export function weightsText({ reports, compared }: WeightsResult): string {
  const layers = reports.filter((report): report is AnalyzedTensor => report.analyzed);
  const refused = reports.filter((report): report is RefusedTensor => !report.analyzed);
  const parts = [
    ...(layers.length === 0 ? [] : [fits(layers), sizes(layers), values(reports)]),
    ...(refused.length === 0 ? [] : [refusals(refused)]),
    ...(compared === undefined ? [] : [distances(compared)]),
  ];
  return `\n${parts.join('\n\n')}\n`;
}

function fits(layers: readonly AnalyzedTensor[]): string {
  const intervals = new Map(depthFlow(layers, 'alpha').map(({ name, interval }) => [name, interval]));
  const tested = layers.some(({ test }) => test !== undefined);
  return table(
    ['layer', 'shape', '>alpha', ...(tested ? ['95 % interval', '>p'] : []), '>D', '>xmin', 'what it says'],
    layers.map((layer) => {
      const { name, shape, fit, test } = layer;
      const interval = intervals.get(name);
      return [
        name,
        shape.join('×'),
        digits(fit.alpha),
        ...(tested
          ? [
              interval === undefined ? '' : `${digits(interval[0])} to ${digits(interval[1])}`,
              test === undefined ? '' : probability(test.p),
            ]
          : []),
        digits(fit.D),
        digits(fit.xmin),
        verdict(layer),
      ];
    }),
  );
}

function sizes(layers: readonly AnalyzedTensor[]): string {
  const twins = layers.some(({ twin }) => twin !== undefined);
  return table(
    [
      'layer',
      '>log norm',
      '>log spectral',
      '>alpha-hat',
      '>log alpha-norm',
      '>stable rank',
      '>spikes',
      '>p',
      '>beyond shifted edge',
      ...(twins ? ['>traps', '>alpha, one ratio'] : []),
    ],
    layers.map(({ name, metrics, noise, twin, farms }) => [
      name,
      digits(metrics.logNorm),
      digits(metrics.logSpectralNorm),
      digits(metrics.alphaWeighted),
      digits(metrics.logAlphaNorm),
      digits(metrics.stableRank),
      String(noise.tracyWidomSpikes),
      probability(noise.p),
      String(noise.shiftedSpikes),
      ...(twins
        ? [
            twin === undefined ? '' : String(twin.noise.tracyWidomSpikes),
            farms === undefined ? '' : digits(farms.fit.alpha),
          ]
        : []),
    ]),
  );
}

function values(reports: readonly TensorReport[]): string {
  return table(
    ['mean over layers', '>value', '>standard error', '>layers'],
    modelValues(reports).map(({ metric, mean, standardError, layers }) => [
      metricTitles[metric],
      digits(mean),
      Number.isNaN(standardError) ? '' : digits(standardError),
      String(layers),
    ]),
  );
}

function refusals(refused: readonly RefusedTensor[]): string {
  return table(
    ['not analysed', 'shape', 'why'],
    refused.map(({ name, shape, sentence }) => [name, shape.join('×'), sentence]),
  );
}

function distances(compared: readonly ComparedTensor[]): string {
  return table(
    ['from the other checkpoint', '>distance', '>relative', '>cosine', '>spectral', '>stable rank'],
    compared.map((one) =>
      'reason' in one
        ? [one.name, one.reason]
        : [one.name, ...[one.distance, one.relative, one.cosine, one.spectral, one.stableRank].map(digits)],
    ),
  );
}

/** Four digits or so. */
function digits(x: number): string {
  if (!Number.isFinite(x)) return x > 0 ? 'infinite' : 'none';
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return x.toExponential(2);
  return String(Number(x.toPrecision(size < 1 ? 3 : 4)));
}

const longest = 40;

/** Long names by their end, which tells them apart. */
function ending(name: string): string {
  const letters = [...name.replace(/\p{C}/gu, ' ')];
  return letters.length <= longest
    ? letters.join('')
    : cutCells(`…${letters.slice(1 - longest).join('')}`, 2 * longest);
}

/** @param head titles; those that begin with > are of numbers, which stand to the right */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = head.map((title) => title.startsWith('>'));
  const titles = head.map((title) => title.replace(/^>/, ''));
  const shown = rows.map(([name, ...rest]) => [ending(name), ...rest]);
  // a sentence in the place of numbers stretches no column
  const whole = shown.filter((row) => row.length === head.length);
  const widths = titles.map((title, i) =>
    Math.max(
      cells(title),
      ...whole.map((row) => cells(row[i])),
      i === 0 ? Math.max(0, ...shown.map(([name]) => cells(name))) : 0,
    ),
  );
  const line = (row: readonly string[]): string =>
    `  ${row
      .map((text, i) => {
        const space = ' '.repeat(Math.max(0, widths[i] - cells(text)));
        return right[i] && row.length === head.length ? space + text : text + space;
      })
      .join('  ')}`.trimEnd();
  return [titles, ...shown].map(line).join('\n');
}
