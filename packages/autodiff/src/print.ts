import type { Program } from './program.js';
import { canonical } from './simplify/simplify.js';

/**
 * A program as readable text, one line per value:
 *
 *     %0 : float64[1000] = input
 *     %1 : float64[1000] = tanh %0
 * @example print(trace((x) => neg(x), [float64(2)]).program).split('\n'); // ['%0 : float64[2] = input', '%1 : float64[2] = neg %0', 'return %1']
 */
export function print(program: Program): string {
  const line = (value: number, what: string): string => {
    const { dtype, shape } = program.values[value];
    return `%${value} : ${dtype}[${shape.join(',')}] = ${what}`;
  };
  return [
    ...program.inputs.map((value) => line(value, 'input')),
    ...program.constants.map(({ value }) => line(value, 'constant')),
    ...program.equations.map(({ op, inputs, output, params }) => {
      const settings = canonical(params);
      const words = [op, ...inputs.map((value) => `%${value}`), ...(settings === '{}' ? [] : [settings])];
      return line(output, words.join(' '));
    }),
    `return ${program.outputs.map((value) => `%${value}`).join(', ')}`,
  ].join('\n');
}
