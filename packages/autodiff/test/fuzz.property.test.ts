// Oracle: the interpreter, on random functions with their gradients, Hessian products in two ways, and over stacks of examples.
// `node packages/autodiff/test/fuzz/soak.mjs` tries 20,000 functions.
import { expect, it } from 'vitest';
import { fuzz } from './fuzz/fuzz.mjs';

it('random functions of mixed types, empty and extreme arrays, compiled, give what the interpreter gives', () => {
  const kinds = new Set<string>();
  for (let seed = 0; seed < 150; seed++) {
    for (const { kind, finding } of fuzz(seed)) {
      kinds.add(kind);
      expect(finding === undefined ? '' : `seed ${seed}, ${kind}: ${finding}`).toBe('');
    }
  }
  expect([...kinds].sort()).toEqual(['forward over reverse', 'gradient', 'reverse over reverse', 'value', 'vmap']);
});
