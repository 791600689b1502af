import type { Network } from '@hyperribbon/nn';
import { architectureOf } from '@hyperribbon/nn/models';

/**
 * What a bound of a network rests on that no text describes: its function, constants included, could hold what the examples say. Nothing for
 * networks that a verifier makes again from their architecture.
 */
export function functionCaveat(network: Network): readonly string[] {
  if (architectureOf(network) !== undefined) return [];
  return [
    `the network comes as a file, ${network.name}: that its function and constants were fixed before the examples of the bound were seen is taken on trust`,
  ];
}
