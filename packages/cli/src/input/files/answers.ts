import { isFloatArray } from '@hyperribbon/contract';
import { answerKind, type ClassLabels, classLabels, type ShapedArray } from '@hyperribbon/data';
import type { LossData } from '@hyperribbon/nn';
import { isUserFault } from '../../userFault.js';
import { UsageError } from '../../usageError.js';

/** What a command makes of the numbers beside inputs: classes alone, real targets alone, or either, as they say themselves. */
export type AnswersWanted = 'classes' | 'real' | 'any';

/** The numbers beside inputs, and what they are for. */
export type FileAnswers =
  | (ClassLabels & { readonly targets?: undefined })
  | {
      readonly targets: ShapedArray;
      readonly loss: LossData;
      /** what a network does with them, in words */
      readonly task: string;
      /** what was decided that a person should know */
      readonly notes: readonly string[];
    };

export interface AnswersOptions {
  readonly wanted: AnswersWanted;
  /** how many classes a network tells apart, where there is one */
  readonly classes?: number | undefined;
  /** what other examples of these data call their classes */
  readonly names?: readonly (number | string)[] | undefined;
  /** what columns of targets are called */
  readonly called?: readonly string[] | undefined;
  /** positions of the sequences of tokens that the inputs are */
  readonly positions?: number | undefined;
}

/** Labels, targets or tokens. @throws UsageError, ArgumentError for what is none of those that are wanted */
export function fileAnswers(labels: ShapedArray | readonly string[], options: AnswersOptions): FileAnswers {
  const { wanted, positions } = options;
  if (Array.isArray(labels)) {
    if (wanted === 'real') throw new UsageError(`"${labels[0]}" is a word, and targets are numbers`);
    return classesOf(labels as readonly string[], options);
  }
  const array = labels as ShapedArray;
  if (positions !== undefined && positions > 1 && areTokens(array, positions)) return tokensOf(array, positions);
  if (wanted === 'classes') return classesOf(array, options);
  const kind = wanted === 'real' ? 'real' : answerKind(array);
  if (kind === 'classes') return classesOf(array, options);
  const outputs = array.shape.slice(1).reduce((a, b) => a * b, 1);
  if (kind === 'probabilities')
    return {
      targets: array,
      loss: { kind: 'softmax-cross-entropy' },
      task: `probabilities of ${outputs} classes`,
      notes: [
        `labels are rows of ${outputs} numbers that add up to 1: probabilities of classes, for the cross-entropy (--answers real: numbers to predict)`,
      ],
    };
  return realOf(array, outputs, options);
}

function realOf(targets: ShapedArray, outputs: number, { wanted, called }: AnswersOptions): FileAnswers {
  const named = called === undefined ? `${outputs} target${outputs === 1 ? '' : 's'}` : called.join(', ');
  return {
    targets,
    loss: { kind: 'squared-error' },
    task: `regression (${named})`,
    notes: wanted === 'real' ? [] : ['labels are no numbers of classes: they are real targets, for the squared error'],
  };
}

/** Numbers that may name a token at every position. */
function areTokens({ shape, data }: ShapedArray, positions: number): boolean {
  return shape.length === 2 && shape[1] === positions && (!isFloatArray(data) || data.every(Number.isInteger));
}

function tokensOf(targets: ShapedArray, positions: number): FileAnswers {
  return {
    targets,
    loss: { kind: 'token-cross-entropy', positions },
    task: `a token at each of ${positions} positions`,
    notes: [],
  };
}

function classesOf(labels: ShapedArray | readonly string[], { wanted, classes, names }: AnswersOptions): ClassLabels {
  try {
    // names are typed as words; labels may be numbers
    const called = Array.isArray(labels) ? names : names?.map(Number);
    return classLabels(labels, called !== undefined ? { names: called } : classes === undefined ? {} : { classes });
  } catch (error) {
    if (wanted === 'classes' || !isUserFault(error) || !error.message.includes('ids or measurements')) throw error;
    throw new UsageError(`${error.message}; for numbers to predict say --answers real`, { cause: error });
  }
}
