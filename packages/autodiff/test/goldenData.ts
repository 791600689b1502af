import { readFileSync } from 'node:fs';

export interface GoldenComposite {
  readonly name: string;
  readonly kind: string;
  readonly params: Readonly<Record<string, number>> & { readonly dims: readonly number[] };
  readonly n: number;
  readonly theta: readonly number[];
  readonly v: readonly number[];
  readonly value: readonly [number, number];
  readonly grad: readonly (readonly [number, number])[];
  readonly directional: readonly [number, number];
  readonly hvp: readonly (readonly [number, number])[];
  readonly vHv: readonly [number, number];
  readonly grad_norm: number;
  readonly hvp_norm: number;
  readonly [data: string]: unknown;
}

export interface Golden {
  readonly primitives: readonly {
    readonly name: string;
    readonly rows: readonly (readonly [number, string, string, string])[];
  }[];
  readonly composites: readonly GoldenComposite[];
}

export const golden: Golden = JSON.parse(readFileSync(new URL('golden/autodiff.json', import.meta.url), 'utf8'));
