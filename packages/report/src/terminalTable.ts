import type { Analysis } from './analysis.js';
import { parseAnalysis } from './parseAnalysis.js';
import { confidence, duration, integer, number, percent, percentUp } from './page/format.js';
import { plain, type Rich } from './page/markup.js';

type Row = readonly [name: string, value: string, remark: string];

/**
 * The numbers that matter as a plain-text table with aligned columns: no colours, no control characters, ASCII where a terminal may lack
 * more. Text from the analysis is kept to one line.
 * @param record the analysis; it is checked first, as `parseAnalysis` does
 * @returns lines joined by newlines, no newline at the end
 * @example console.log(terminalTable(analysis));
 * @throws RecordFormatError if the record is not an analysis
 */
export function terminalTable(record: Analysis): string {
  const analysis = parseAnalysis(record);
  const rows: readonly (Row | undefined)[] = [
    ...settingRows(analysis),
    ...trainingRows(analysis),
    ...spectrumRows(analysis),
    ...boundRows(analysis),
  ];
  const known = rows.filter((row) => row !== undefined).map((row) => row.map(clean));
  const widths = [0, 1].map((column) => known.reduce((width, row) => Math.max(width, length(row[column])), 0));
  const lines = known.map(([name, value, remark]) =>
    `${name.padEnd(widths[0] + name.length - length(name))}  ${pad(value, widths[1])}  ${remark}`.trimEnd(),
  );
  const { complete, missing, reason } = analysis.status;
  const state = complete
    ? []
    : [
        `partial${reason === undefined ? '' : ` (${reason})`}${missing.length > 0 ? `; not finished: ${missing.join('; ')}` : ''}`,
      ];
  return [clean(analysis.title ?? 'Analysis'), ...state.map(clean), '', ...lines].join('\n');
}

function settingRows({ setting, status: _status }: Analysis): Row[] {
  if (setting === undefined) return [];
  return [
    ['network', setting.architecture, `${integer(setting.parameters)} parameters`],
    [
      'data',
      setting.dataset,
      `${setting.task}, ${integer(setting.trainCount)} train, ${integer(setting.testCount)} test`,
    ],
    ...(setting.seconds === undefined ? [] : [['time', duration(setting.seconds), setting.runtime ?? ''] as const]),
  ];
}

function trainingRows({ training = [] }: Analysis): Row[] {
  return training.map(({ name, final }) => [
    `error, ${name}`,
    percent(final.testError),
    `test; ${percent(final.trainError)} train`,
  ]);
}

function spectrumRows({ inputSpectrum, curvature = [], effectiveDimension = [] }: Analysis): Row[] {
  const list = [
    ...(inputSpectrum ? [{ label: 'inputs', converged: true, products: 0, ...inputSpectrum }] : []),
    ...curvature,
  ];
  const spectra = list.map(({ label, eigenvalues, fit, converged }): Row => {
    const slope =
      fit === undefined ? '' : `slope ${ascii(number(fit.slope))} per index, R2 ${ascii(number(fit.rSquared))}`;
    const state = converged ? '' : 'not all converged';
    return [
      `top of ${label}`,
      eigenvalues.length > 0 ? ascii(number(eigenvalues[0], 4)) : '-',
      [slope, state].filter(Boolean).join('; '),
    ];
  });
  const labels = new Map(curvature.map(({ id, label }) => [id, label]));
  const dimensions = effectiveDimension.map(
    ({ spectrum, hard, soft, parameters, lowerBound }): Row => [
      'effective dimension',
      `${lowerBound ? '>= ' : ''}${integer(hard)}`,
      `of ${integer(parameters)}; soft ${ascii(number(soft))} (${labels.get(spectrum) ?? spectrum})`,
    ],
  );
  return [...spectra, ...dimensions];
}

function boundRows({ bound }: Analysis): (Row | undefined)[] {
  const best = bound?.best;
  if (bound === undefined || best === undefined) return [];
  const kind = [best.certified ? 'certified' : 'NOT certified', ...(best.vacuous ? ['vacuous'] : [])].join(', ');
  return [
    ['bound', percentUp(best.value), `${kind}, ${confidence(best.confidence)} confidence`],
    [
      '  error of the draws',
      percent(best.monteCarlo.mean),
      `${integer(best.monteCarlo.draws)} draws, at most ${percentUp(best.monteCarlo.upper)}`,
    ],
    ['  KL', ascii(number(best.kl, 4)), `nats; prior precision ${ascii(number(best.precision))} (j = ${best.j})`],
    bound.posteriorTest && ['  test error', percent(bound.posteriorTest.mean), 'of the same posterior, for comparison'],
  ];
}

/** 1.2e-7 rather than a power with a caret. */
function ascii(rich: Rich): string {
  return plain(rich).replace(/\s*×\s*10\^/u, 'e');
}

/** One line, no control characters: a data set's name must not be able to move the cursor. */
function clean(text: string): string {
  return text
    .replace(/\u202F/gu, ' ')
    .replace(/−/gu, '-')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

function length(text: string): number {
  return [...text].length;
}

/** Numbers to the right, names to the left. */
function pad(value: string, width: number): string {
  const space = ' '.repeat(Math.max(0, width - length(value)));
  return /^[-\d>]/u.test(value) && length(value) < 12 ? space + value : value + space;
}
