import { isBinary, isUnary } from '../../primitives/names.js';
import type { PrimitiveName } from '../../program.js';

/** Does this primitive work element by element, so that it can join a group? */
export function isElementwise(name: PrimitiveName): boolean {
  return isUnary(name) || isBinary(name) || name === 'select';
}
