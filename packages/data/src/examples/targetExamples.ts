import { isFloatArray, refuse, type TargetExamples, typedArrayName } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { inputsFromArray, type InputsOptions, requireShaped } from './inputsFromArray.js';
import type { ShapedArray } from './shapedArray.js';

/** Inputs with real targets that have a name. */
export interface TargetSet extends TargetExamples {
  readonly name: string;
}

export interface TargetExamplesOptions extends InputsOptions {
  readonly name?: string;
}

const caller = 'targetExamplesFromArrays';

/**
 * Puts inputs and real targets that came from files together: regression, class probabilities, several yes-or-no questions at once.
 *
 * Inputs are those of {@link examplesFromArrays}. float32 and float64 targets are taken as they are (not copied), whole numbers and bools become
 * float64; none is scaled.
 *
 * @param inputs (count, ...)
 * @param targets (count,), one number for each example, or (count, ...), which are flattened
 * @param options dtype and layout of the inputs, name
 * @throws ArgumentTypeError for what is no shaped array; ArgumentError when inputs are unsuitable, shapes disagree, a target is not finite or beyond 2⁵³
 * Cost: two passes.
 * @example
 * const heights = { shape: [2], data: Float64Array.of(1.71, 1.83) };
 * targetExamplesFromArrays({ shape: [2, 3], data: new Float32Array(6) }, heights).outputs; // 1
 */
export function targetExamplesFromArrays(
  inputs: ShapedArray,
  targets: ShapedArray,
  options: TargetExamplesOptions = {},
): TargetSet {
  const { name = 'examples', ...rest } = options;
  const flat = inputsFromArray(caller, inputs, rest);
  requireShaped(caller, targets, 'targets');
  const [rows, ...others] = targets.shape;
  const outputs = others.reduce((p, n) => p * n, 1);
  if (rows !== flat.count || outputs === 0)
    refuse(caller, `targets must have shape (${flat.count}, ...) like the inputs, got [${targets.shape.join(', ')}]`);
  return { ...flat, targets: numbersOf(targets, outputs), outputs, name };
}

function numbersOf({ data }: ShapedArray, outputs: number): FloatArray {
  const numbers = isFloatArray(data) ? data : Float64Array.from(data as ArrayLike<number>, Number);
  const whole = typedArrayName(data) !== typedArrayName(numbers);
  for (let i = 0; i < numbers.length; i++)
    if (!(Math.abs(numbers[i]) < Infinity) || (whole && !Number.isSafeInteger(numbers[i])))
      refuse(
        caller,
        `targets must be ${whole ? 'below 2^53' : 'finite'}, got ${numbers[i]} at example ${Math.floor(i / outputs)}, output ${i % outputs}`,
      );
  return numbers;
}
