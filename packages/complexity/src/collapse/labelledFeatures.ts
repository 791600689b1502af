import {
  type FloatArray,
  refuse,
  refuseType,
  requireCounts,
  requireFloatArray,
  requireInteger,
  requireNoOthers,
  typedArrayName,
} from '@hyperribbon/contract';

/** What a layer makes of labelled examples. */
export interface LabelledFeatures {
  /** (count, width), row-major */
  readonly features: FloatArray;
  /** (count,), each in [0, classes) */
  readonly labels: Int32Array;
  readonly count: number;
  readonly width: number;
  readonly classes: number;
}

/** Rows that come in parts, as often as they are asked for. */
export interface FeatureRows extends Omit<LabelledFeatures, 'features'> {
  /** calls `take` with rows of features (rows, width) and the number of the first; the array is valid until the next call */
  each(take: (features: FloatArray, first: number) => void): void;
}

/** @throws ArgumentError for sizes, labels or features that are none */
export function rowsOf(caller: string, data: LabelledFeatures): FeatureRows {
  const { features, labels, count, width, classes, ...others } = data;
  requireNoOthers(caller, others, 'LabelledFeatures');
  requireCounts(caller, { count, width });
  requireInteger(caller, 'classes', classes, 2);
  requireFloatArray(caller, 'features', features, [count, width]);
  requireLabels(caller, labels, count, classes);
  return { labels, count, width, classes, each: (take) => take(features, 0) };
}

function requireLabels(caller: string, labels: Int32Array, count: number, classes: number): void {
  if (typedArrayName(labels) !== 'Int32Array')
    refuseType(caller, 'labels', 'an Int32Array (Int32Array.from(labels))', labels);
  if (labels.length !== count) refuse(caller, `labels must hold count = ${count} class numbers, got ${labels.length}`);
  const bad = labels.findIndex((label) => label < 0 || label >= classes);
  if (bad >= 0) refuse(caller, `labels[${bad}] must be in [0, ${classes}), got ${labels[bad]}`);
}
