import type { Examples } from '@hyperribbon/nn';
import type { Certificate, Examine } from '@hyperribbon/pac-bayes';

export type Arrays = Record<string, Float32Array | Float64Array>;
export const dataset: Examples;
export function honestCertificates(): Promise<Record<string, { certificate: Certificate; arrays: Arrays }>>;
export function examinerOf(arrays: Arrays, data?: Examples): Examine;
