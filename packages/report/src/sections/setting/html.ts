import { duration, integer } from '../../page/format.js';
import { el } from '../../page/markup.js';
import { facts, known, numeric, section, table } from '../../page/parts.js';
import type { Setting } from './shape.js';

/** What a study saw, what it ran on, and the times of its steps. */
export function settingHtml(setting: Setting): string {
  const {
    architecture,
    parameters,
    loss,
    numbers,
    deterministic,
    kernels,
    runtime,
    versions = {},
    options = {},
  } = setting;
  return section(
    'setting',
    'Setting',
    facts([
      ['data', setting.dataset],
      ['task', setting.task],
      [
        'examples',
        `${integer(setting.trainCount)} train, ${setting.testCount === 0 ? 'no' : integer(setting.testCount)} test`,
      ],
      ['inputs, classes', `${integer(setting.features)}, ${integer(setting.classes)}`],
      ...known('network', architecture),
      ...known('parameters', parameters, integer),
      ...known('loss', loss),
      ['seed', String(setting.seed)],
      ...known('numbers', numbers, (text) => text + (deterministic === true ? ', deterministic' : '')),
      ...known('kernels', kernels, ({ flavour, engine }) => `${flavour} (${engine})`),
      ...known('runtime', runtime),
      ...Object.entries(versions),
      ...Object.entries(options).map(([name, value]) => [name, String(value)] as const),
    ]),
    times(setting),
  );
}

function times({ timings = [], seconds }: Setting): string {
  const rows = [
    ...timings.map((timing) => [timing.step, duration(timing.seconds)]),
    ...(seconds === undefined ? [] : [['whole run (steps overlap)', duration(seconds)]]),
  ];
  return rows.length === 0 ? '' : el('h3', {}, 'Time') + table(['step', ...numeric('time')], rows);
}
