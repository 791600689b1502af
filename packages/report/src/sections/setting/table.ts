import { duration, integer } from '../../page/format.js';
import type { Row } from '../../page/rows.js';
import type { Setting } from './shape.js';

export function settingRows(setting: Setting): readonly Row[] {
  const { architecture, parameters, dataset, task, trainCount, testCount, seconds, runtime = '' } = setting;
  return [
    ...(architecture === undefined
      ? []
      : [['network', architecture, parameters === undefined ? '' : `${integer(parameters)} parameters`] as const]),
    ['data', dataset, `${task}, ${integer(trainCount)} train, ${testCount === 0 ? 'no' : integer(testCount)} test`],
    ...(seconds === undefined ? [] : [['time', duration(seconds), runtime] as const]),
  ];
}
