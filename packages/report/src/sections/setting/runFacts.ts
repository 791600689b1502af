import type { Setting } from '../../analysis.js';
import { duration, integer } from '../../page/format.js';
import { el } from '../../page/markup.js';
import type { DataSetting, RunTimes } from './runSetting.js';
import { table, type Cell } from '../../page/parts.js';

type Fact = readonly [name: string, value: Cell];

export function dataFacts({ dataset, task, trainCount, testCount, features, classes }: DataSetting): readonly Fact[] {
  return [
    ['data', dataset],
    ['task', task],
    ['examples', `${integer(trainCount)} train, ${integer(testCount)} test`],
    ['inputs, classes', `${integer(features)}, ${integer(classes)}`],
  ];
}

/** What it ran on, and anything else worth keeping. */
export function runtimeFacts({
  kernels,
  runtime,
  versions = {},
  options = {},
}: Pick<Setting, 'kernels' | 'runtime' | 'versions' | 'options'>): readonly Fact[] {
  return [
    ...(kernels === undefined ? [] : [['kernels', `${kernels.flavour} (${kernels.engine})`] as const]),
    ...(runtime === undefined ? [] : [['runtime', runtime] as const]),
    ...Object.entries(versions).map(([name, version]) => [name, version] as const),
    ...Object.entries(options).map(([name, value]) => [name, String(value)] as const),
  ];
}

/** Times of the steps and of the whole; nothing where none is known. */
export function timeTable({ timings = [], seconds }: RunTimes): string {
  const rows = [
    ...timings.map((timing) => [timing.step, duration(timing.seconds)]),
    ...(seconds === undefined ? [] : [['whole run (steps overlap)', duration(seconds)]]),
  ];
  if (rows.length === 0) return '';
  return el('h3', {}, 'Time') + table([{ title: 'step' }, { title: 'time', numeric: true }], rows);
}
