import type { Certificate } from '@hyperribbon/pac-bayes';
import type { Arrays } from './honest.mjs';

// oxlint-disable-next-line no-explicit-any
export type Draft = Record<string, any>;
export function redigested(draft: Draft): Certificate;
export function renamed(draft: Draft, arrays: Arrays): Certificate;
export function reissued(draft: Draft): Certificate;
