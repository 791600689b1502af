import type { Analysis } from '../../analysis.js';
import { integer } from '../../page/format.js';
import { facts, section } from '../../page/parts.js';
import { dataFacts, runtimeFacts, timeTable } from './runFacts.js';

export function settingSection({ setting }: Analysis): string {
  if (setting === undefined) return '';
  return section(
    'setting',
    'Setting',
    facts([
      ...dataFacts(setting),
      ['network', setting.architecture],
      ['parameters', integer(setting.parameters)],
      ...(setting.loss === undefined ? [] : [['loss', setting.loss] as const]),
      ['seed', String(setting.seed)],
      ['numbers', setting.dtype + (setting.deterministic === true ? ', deterministic' : '')],
      ...runtimeFacts(setting),
    ]),
    timeTable(setting),
  );
}
