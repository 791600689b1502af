import { type AnyExamples, isTargeted } from '@hyperribbon/nn';
import { chosenOf, type Given } from '../options/option.js';
import { answerOptions, dataOptions, type testOptions } from '../options/shared.js';
import { UsageError } from '../usageError.js';
import { loadAny, type DataOptions, type Known, type NamedExamples } from './dataSource.js';

export type TestOptions = { readonly [K in keyof Given<typeof testOptions>]: Given<typeof testOptions>[K] | undefined };

/** Test examples of their own, which the user names; undefined where none are named. */
export async function loadTest<Kind extends AnyExamples>(
  { test, testLabels }: TestOptions,
  { dtype, ...options }: DataOptions,
  { name, examples, classNames, test: own, loss }: Omit<NamedExamples<Kind>, 'task' | 'notes'>,
): Promise<NamedExamples<Kind> | undefined> {
  if (test === undefined) {
    if (testLabels !== undefined) throw new UsageError('--test-labels: goes with --test');
    return undefined;
  }
  if (own !== undefined) throw new UsageError(`--test: ${name} has test examples of its own; leave the option off`);
  const {
    data: _data,
    inputs: _inputs,
    labels: _labels,
    ...beside
  } = chosenOf({ ...dataOptions, ...answerOptions }, options);
  const given = { ...beside, ...(dtype && { dtype }), ...(testLabels !== undefined && { labels: testLabels }) };
  const tokenized = loss.kind === 'token-cross-entropy' ? { tokens: true } : {};
  const known: Known = isTargeted(examples)
    ? { wanted: 'real', ...tokenized }
    : { wanted: 'classes', classes: examples.classes, names: classNames };
  const found = await loadAny({ ...given, data: test }, known).catch((error: unknown) => {
    throw error instanceof UsageError ? new UsageError(renamed(error.message)) : error;
  });
  requireAlike(test, found.examples, examples);
  // of the kind that was wanted: that of the training examples
  return { ...found, examples: asPrecise(found.examples, examples.inputs.BYTES_PER_ELEMENT) } as NamedExamples<Kind>;
}

function requireAlike(file: string, test: AnyExamples, examples: AnyExamples): void {
  const differ = (what: string, a: number, b: number): void => {
    if (a !== b) throw new UsageError(`--test: ${file} has ${a} ${what}, but the examples of --data have ${b}`);
  };
  differ('features', test.features, examples.features);
  if (isTargeted(examples)) differ('targets', isTargeted(test) ? test.outputs : 0, examples.outputs);
}

/** The same numbers in the type of the training examples. */
function asPrecise(examples: AnyExamples, bytes: number): AnyExamples {
  if (examples.inputs.BYTES_PER_ELEMENT === bytes) return examples;
  return { ...examples, inputs: bytes === 8 ? Float64Array.from(examples.inputs) : Float32Array.from(examples.inputs) };
}

/** What was read as data was named as a test. */
function renamed(message: string): string {
  return message.replace(/^--data: /, '--test: ').replace(/^--labels: /, '--test-labels: ');
}
