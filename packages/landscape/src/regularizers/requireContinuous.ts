import { refuse } from '@hyperribbon/contract';
import type { Network } from '@hyperribbon/nn';

/** @throws ArgumentError for a network that takes tokens: numbers of rows, which have no neighbours */
export function requireContinuous(caller: string, { name, vocabulary }: Network): void {
  if (vocabulary !== undefined)
    refuse(caller, `${name} takes tokens, which cannot be moved by a small step; attack a network of real inputs`);
}
