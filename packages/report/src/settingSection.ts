import type { Analysis } from './analysis.js';
import { duration, integer } from './format.js';
import { el } from './markup.js';
import { facts, section, table, type Cell } from './parts.js';

export function settingSection({ setting }: Analysis): string {
  if (setting === undefined) return '';
  const { kernels, versions = {}, timings = [], options = {} } = setting;
  const entries: (readonly [string, Cell])[] = [
    ['data', setting.dataset],
    ['task', setting.task],
    ['examples', `${integer(setting.trainCount)} train, ${integer(setting.testCount)} test`],
    ['inputs, classes', `${integer(setting.features)}, ${integer(setting.classes)}`],
    ['network', setting.architecture],
    ['parameters', integer(setting.parameters)],
    ...(setting.loss === undefined ? [] : [['loss', setting.loss] as const]),
    ['seed', String(setting.seed)],
    ['numbers', setting.dtype + (setting.deterministic === true ? ', deterministic' : '')],
    ...(kernels === undefined ? [] : [['kernels', `${kernels.flavour} (${kernels.engine})`] as const]),
    ...(setting.runtime === undefined ? [] : [['runtime', setting.runtime] as const]),
    ...Object.entries(versions).map(([name, version]) => [name, version] as const),
    ...Object.entries(options).map(([name, value]) => [name, String(value)] as const),
  ];
  const rows = [
    ...timings.map(({ step, seconds }) => [step, duration(seconds)]),
    ...(setting.seconds === undefined ? [] : [['whole run (steps overlap)', duration(setting.seconds)]]),
  ];
  const columns = [{ title: 'step' }, { title: 'time', numeric: true }];
  return section(
    'setting',
    'Setting',
    facts(entries),
    timings.length > 0 ? el('h3', {}, 'Time') + table(columns, rows) : '',
  );
}
