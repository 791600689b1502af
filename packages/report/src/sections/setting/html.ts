import { duration, integer } from '../../page/format.js';
import { el } from '../../page/markup.js';
import { facts, known, numeric, section, table } from '../../page/parts.js';
import type { Setting } from './shape.js';
import { examplesText } from './table.js';

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
  const examples = examplesText(setting);
  return section(
    'setting',
    'Setting',
    facts([
      ['data', setting.dataset],
      ['task', setting.task],
      ...(examples.length === 0 ? [] : [['examples', examples.join(', ')] as const]),
      ...known('inputs', setting.features, integer),
      ...known('classes', setting.classes, integer),
      ...known('network', architecture),
      ...known('parameters', parameters, integer),
      ...known('loss', loss),
      ...known('seed', setting.seed, String),
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
