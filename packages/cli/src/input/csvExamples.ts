import { parseCsv, type ShapedArray } from '@hyperribbon/data';
import type { Given } from '../options/option.js';
import type { dataOptions } from '../options/shared.js';
import { UsageError } from '../usageError.js';

/** What headers call a column of labels. */
const labelName = /^(y|labels?|targets?|class(es)?|category|species|outcome|diagnosis)$/i;

/** Features and labels of a table: the labels are its last column, or the one that was named. */
export function csvExamples(
  file: string,
  bytes: Uint8Array,
  { header, labelColumn: wanted }: Given<typeof dataOptions>,
): readonly [inputs: ShapedArray, labels: ShapedArray] {
  const { names, shape, data } = parseCsv(bytes, header === undefined ? {} : { header: header === 'true' });
  const [count, columns] = shape;
  if (columns < 2)
    throw new UsageError(`--data: ${file} has ${columns} column; features and a label make at least two`);
  const features = columns - 1;
  const at = wanted === undefined ? features : (names ?? []).indexOf(wanted);
  if (at < 0) {
    const there = names === undefined ? 'no header' : `the columns ${names.slice(0, 12).join(', ')}`;
    throw new UsageError(
      `--label-column: ${file} has ${there}${columns > 12 ? ', …' : ''}, none is called "${wanted}"`,
    );
  }
  const other = names?.find((name) => labelName.test(name));
  if (wanted === undefined && other !== undefined && !labelName.test(names![at]))
    throw new UsageError(
      `--label-column: the last column of ${file} is "${names![at]}", but another is called "${other}"; say which holds the labels`,
    );
  const inputs = new Float64Array(count * features);
  for (let i = 0; i < count; i++) {
    inputs.set(data.subarray(i * columns, i * columns + at), i * features);
    inputs.set(data.subarray(i * columns + at + 1, (i + 1) * columns), i * features + at);
  }
  const labels = Float64Array.from({ length: count }, (_, i) => data[i * columns + at]);
  return [
    { shape: [count, features], data: inputs },
    { shape: [count], data: labels },
  ];
}
