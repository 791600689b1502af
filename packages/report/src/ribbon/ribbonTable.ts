import { duration, integer, number, percent } from '../page/format.js';
import { plain } from '../page/markup.js';
import { parseRibbon } from './parseRibbon.js';
import type { MapSection, RibbonStudy } from './ribbonStudy.js';

type Row = readonly [name: string, value: string, remark: string];

/**
 * The numbers that matter of a study of trajectories as a plain-text table with aligned columns: no colours, no control characters.
 * @param record the study; it is checked first, as `parseRibbon` does
 * @returns lines joined by newlines, no newline at the end
 * @example console.log(ribbonTable(study));
 * @throws RecordFormatError if the record is not a study
 */
export function ribbonTable(record: RibbonStudy): string {
  const study = parseRibbon(record);
  const rows = [...dataRows(study), ...linearRows(study), ...(study.maps ?? []).flatMap(mapRows)].map((row) =>
    row.map(clean),
  );
  const widths = [0, 1].map((column) => rows.reduce((width, row) => Math.max(width, [...row[column]].length), 0));
  const lines = rows.map(([name, value, remark]) =>
    `${name}${' '.repeat(widths[0] - [...name].length)}  ${' '.repeat(widths[1] - [...value].length)}${value}  ${remark}`.trimEnd(),
  );
  const { complete, missing, reason } = study.status;
  const state = complete
    ? []
    : [
        `partial${reason === undefined ? '' : ` (${reason})`}${missing.length > 0 ? `; not finished: ${missing.join('; ')}` : ''}`,
      ];
  return [clean(study.title ?? 'Training trajectories'), ...state.map(clean), '', ...lines].join('\n');
}

function dataRows({ inputSpectrum, ensemble, setting }: RibbonStudy): Row[] {
  const fit = inputSpectrum?.fit;
  return [
    ...(setting?.seconds === undefined ? [] : [['time', duration(setting.seconds), setting.runtime] as const]),
    ...(fit === undefined
      ? []
      : [
          [
            'slope of the input spectrum',
            show(fit.slope),
            `nats per index over ${fit.from} to ${fit.to}, R2 ${show(fit.rSquared)}`,
          ] as const,
        ]),
    ...(ensemble === undefined
      ? []
      : [
          [
            'runs',
            integer(ensemble.runs.length),
            `${ensemble.checkpointEpochs.length} checkpoints each, ${ensemble.seeds.length} seeds`,
          ] as const,
        ]),
  ];
}

function linearRows({ widths, phase }: RibbonStudy): Row[] {
  const point = phase?.point;
  return [
    ...(widths === undefined
      ? []
      : [
          [
            'widths, first ten',
            percent(widths.largestError),
            `largest error of the closed form against ${integer(widths.runs)} simulated runs (reconstruction)`,
          ] as const,
        ]),
    ...(point === undefined
      ? []
      : [
          [
            'variance in 3 directions',
            percent(point.explained3),
            `at c = ${show(point.decay)}, rho = ${show(point.scaleRatio)}, T = ${integer(phase!.steps)} (reconstruction)`,
          ] as const,
        ]),
  ];
}

function mapRows(section: MapSection): Row[] {
  const on = section.samples === 'train' ? 'training samples' : 'test samples';
  const curves = section.stress.flatMap(({ label, values }): Row[] =>
    values.length < 3
      ? []
      : [[`  ${label}`, percent(values[1]), `${percent(values[0])} in one, ${percent(values[2])} in three dimensions`]],
  );
  const { statement } = section;
  const head: Row[] = curves.length > 0 ? [[`explained stress, ${on}`, 'two dim.', '']] : [];
  if (statement === undefined) return [...head, ...curves];
  const { length } = statement.perSeed;
  const spread = length > 1 ? `+- ${(100 * statement.ratioDeviation).toFixed(1)} over ${length} seeds` : 'one seed';
  return [
    ...head,
    ...curves,
    [
      '  linear explain nonlinear',
      percent(statement.ratio),
      `${spread}: ${percent(statement.mean)} of ${percent(statement.ownMean)} in ${statement.dimensions} dimensions`,
    ],
  ];
}

function show(x: number): string {
  return plain(number(x)).replace(/\s*×\s*10\^/u, 'e');
}

/** One line, no control characters: a data set's name must not be able to move the cursor. */
function clean(text: string): string {
  return text
    .replace(/\u202F/gu, ' ')
    .replace(/−/gu, '-')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}
