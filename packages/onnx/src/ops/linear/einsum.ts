import { einsum } from '@hyperribbon/autodiff/array';
import type { Operator } from '../../values/call.js';
import { plain } from '../../values/value.js';

/** Einstein's summation; `...` stands for the axes that the letters leave over */
export const Einsum: Operator = (call) => {
  const operands = call.inputs.map((_, i) => call.tensor(i));
  const equation = call.text('equation', '').replaceAll(' ', '');
  return plain(
    call.input(0).type,
    einsum(
      withoutDots(
        equation,
        operands.map(({ shape }) => shape.length),
      ),
      ...operands,
    ),
  );
};

/** The equation with letters in the place of `...`, which stands for the same axes in every operand. */
function withoutDots(equation: string, ranks: readonly number[]): string {
  if (!equation.includes('...')) return equation;
  const [left, right] = equation.split('->');
  const terms = left.split(',');
  const free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((letter) => !equation.includes(letter));
  const width = Math.max(...terms.map((term, i) => (term.includes('...') ? ranks[i] - (term.length - 3) : 0)));
  const letters = free.slice(0, Math.max(0, width));
  const filled = terms.map((term, i) => {
    const own = ranks[i] - (term.length - 3);
    return term.replace('...', own > 0 ? letters.slice(-own).join('') : '');
  });
  const once = [...left.replaceAll(/[.,]/g, '')].filter((x, _, all) => all.indexOf(x) === all.lastIndexOf(x)).sort();
  const result = right === undefined ? `...${once.join('')}` : right;
  return `${filled.join(',')}->${result.replace('...', letters.join(''))}`;
}
