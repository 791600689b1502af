import { dtypeOf } from '../dataArray.js';
import type { ElementType, Program } from '../program.js';

/** The same program in float64 throughout: what a float32 result is compared with. */
export function promote(program: Program): Program {
  const wide = (dtype: ElementType): ElementType => (dtype === 'float32' ? 'float64' : dtype);
  return {
    ...program,
    values: program.values.map(({ shape, dtype }) => ({ shape, dtype: wide(dtype) })),
    constants: program.constants.map(({ value, data }) => ({
      value,
      data: dtypeOf(data) === 'float32' ? Float64Array.from(data) : data,
    })),
    equations: program.equations.map((equation) => {
      const { dtype } = equation.params;
      return dtype === undefined ? equation : { ...equation, params: { ...equation.params, dtype: wide(dtype) } };
    }),
  };
}
