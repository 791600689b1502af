import { duration, integer } from '../../page/format.js';
import type { Row } from '../../page/rows.js';
import type { Setting } from './shape.js';

export function settingRows(setting: Setting): readonly Row[] {
  const { architecture, parameters, dataset, task, seconds, runtime = '' } = setting;
  return [
    ...(architecture === undefined
      ? []
      : [['network', architecture, parameters === undefined ? '' : `${integer(parameters)} parameters`] as const]),
    ['data', dataset, [task, ...examplesText(setting)].join(', ')],
    ...(seconds === undefined ? [] : [['time', duration(seconds), runtime] as const]),
  ];
}

/** "1,000 train, no test": of what is known. */
export function examplesText({ trainCount, testCount }: Setting): readonly string[] {
  const count = (n: number | undefined, what: string): string[] =>
    n === undefined ? [] : [`${n === 0 ? 'no' : integer(n)} ${what}`];
  return [...count(trainCount, 'train'), ...count(testCount, 'test')];
}
