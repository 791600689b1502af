import { type BinaryName, binaryNames, type UnaryName, unaryNames } from '@hyperribbon/kernels';

export function isUnary(op: string): op is UnaryName {
  return unaryNames.includes(op as UnaryName);
}

export function isBinary(op: string): op is BinaryName {
  return binaryNames.includes(op as BinaryName);
}

/** Primitives that move, sum or spread what lies under the windows of a convolution or of pooling, image by image. */
export const windowNames = ['im2col', 'col2im', 'averagePool', 'averageUnpool'] as const;

/** The convolution of channels apart, and its two transposes: each is linear in both operands. */
export const depthwiseNames = ['depthwise', 'depthwiseInput', 'depthwiseWeights'] as const;

/** Does this primitive work element by element, so that it can join a group? */
export function isElementwise(op: string): boolean {
  return isUnary(op) || isBinary(op) || op === 'select';
}

/** One entry per name: the tables of rules are built with it. */
export function forEachName<Name extends string, Rule>(
  names: readonly Name[],
  rule: (name: Name) => Rule,
): Record<Name, Rule> {
  return Object.fromEntries(names.map((name) => [name, rule(name)])) as Record<Name, Rule>;
}
