import { ArgumentTypeError } from '@hyperribbon/contract';
import { type DataArray, requireArray } from '../dataArray.js';
import type { Program } from '../program.js';
import { sizeOf } from '../specs.js';
import { evaluationRules } from './evaluationRules.js';

const arrayTypes = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

/**
 * Runs a program, slowly and obviously: one fresh array per value, plain loops, every value rounded to its dtype.
 *
 * It is the oracle that the planned execution is tested against, and does where speed does not matter.
 *
 * @param inputs one typed array per program input, row-major
 * @returns one typed array per output; an output that is an input is the caller's own array
 * @throws ArgumentTypeError or ArgumentError if an input has another type or length than the program says
 * @example evaluate(trace(sin, [float64(1)]).program, [Float64Array.of(0)]); // [[0]]
 */
export function evaluate(program: Program, inputs: readonly DataArray[]): DataArray[] {
  if (inputs.length !== program.inputs.length)
    throw new ArgumentTypeError(`evaluate: expected ${program.inputs.length} inputs, got ${inputs.length}`);
  const values: DataArray[] = Array.from({ length: program.values.length });
  program.inputs.forEach((value, i) => {
    const { shape, dtype } = program.values[value];
    requireArray('evaluate', `input ${i}`, inputs[i], dtype, sizeOf(shape));
    values[value] = inputs[i];
  });
  for (const { value, data } of program.constants) values[value] = data;
  for (const { op, inputs: from, output, params } of program.equations) {
    const outSpec = program.values[output];
    const out = new Float64Array(sizeOf(outSpec.shape));
    const specs = from.map((value) => program.values[value]);
    evaluationRules[op]({ inputs: from.map((value) => values[value]), specs, params, outSpec, out });
    values[output] = outSpec.dtype === 'float64' ? out : arrayTypes[outSpec.dtype].from(out);
  }
  return program.outputs.map((value) => values[value]);
}
