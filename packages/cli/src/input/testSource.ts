import type { Examples } from '@hyperribbon/nn';
import type { Given } from '../options/option.js';
import type { testOptions } from '../options/shared.js';
import { UsageError } from '../usageError.js';
import { loadNamed, type DataOptions, type NamedExamples } from './dataSource.js';

export type TestOptions = { readonly [K in keyof Given<typeof testOptions>]: Given<typeof testOptions>[K] | undefined };

/** Test examples of their own, which the user names; undefined where none are named. */
export async function loadTest(
  { test, testLabels }: TestOptions,
  { dtype, layout, header, labelColumn, drop, missing, task }: DataOptions,
  {
    name,
    examples: { features, classes, inputs },
    classNames,
    test: own,
  }: Pick<NamedExamples, 'examples' | 'classNames' | 'name' | 'test'>,
): Promise<NamedExamples | undefined> {
  if (test === undefined) {
    if (testLabels !== undefined) throw new UsageError('--test-labels: goes with --test');
    return undefined;
  }
  if (own !== undefined) throw new UsageError(`--test: ${name} has test examples of its own; leave the option off`);
  const beside = { dtype, layout, header, labelColumn, drop, missing, task, labels: testLabels };
  const given = Object.fromEntries(Object.entries(beside).filter(([, value]) => value !== undefined));
  const found = await loadNamed({ ...given, data: test }, classes, classNames).catch((error: unknown) => {
    throw error instanceof UsageError ? new UsageError(renamed(error.message)) : error;
  });
  if (found.examples.features !== features) {
    throw new UsageError(
      `--test: ${test} has ${found.examples.features} features, but the examples of --data have ${features}`,
    );
  }
  return { ...found, examples: asPrecise(found.examples, inputs.BYTES_PER_ELEMENT) };
}

/** The same numbers in the type of the training examples. */
function asPrecise(examples: Examples, bytes: number): Examples {
  if (examples.inputs.BYTES_PER_ELEMENT === bytes) return examples;
  return { ...examples, inputs: bytes === 8 ? Float64Array.from(examples.inputs) : Float32Array.from(examples.inputs) };
}

/** What was read as data was named as a test. */
function renamed(message: string): string {
  return message.replace(/^--data: /, '--test: ').replace(/^--labels: /, '--test-labels: ');
}
