import type { ElementType, Window } from '../../program.js';
import type { Place } from '../instruction.js';

/**
 * A value during lowering: either stored already, or a promise that a consumer may fold into itself (a transposition into
 * a matrix product, a bias into its epilogue). `exclusive` says that one consumer is left, so that it may take the value over.
 */
export interface Node {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  readonly exclusive: boolean;
  form: Form;
}

export type Form =
  | { readonly kind: 'stored'; readonly place: Place }
  /** every element has this value */
  | { readonly kind: 'constant'; readonly value: number }
  /** axes[i] is the output axis of input axis i */
  | { readonly kind: 'broadcast'; readonly source: Node; readonly axes: readonly number[] }
  /** last two axes swapped */
  | { readonly kind: 'transposed'; readonly source: Node }
  /** alpha times source, which has the same shape */
  | { readonly kind: 'scaled'; readonly source: Node; readonly alpha: number }
  /** elementwise product that an addition or a row sum may absorb */
  | { readonly kind: 'product'; readonly x: Node; readonly y: Node }
  | { readonly kind: 'gemm'; readonly pending: PendingGemm }
  /** patches (batch·oh·ow, kh·kw·channels) of the images at `place`; `padded`: where these lie with zeros around them, once written */
  | { readonly kind: 'patches'; readonly place: Place; readonly window: Window; padded: Place | undefined }
  /** parts at element offsets of the flattened value, in order, disjoint; zero between them */
  | { readonly kind: 'pieces'; readonly parts: readonly Piece[] };

export interface Piece {
  readonly offset: number;
  readonly node: Node;
}

/** C ← act(Σ alpha op(A) op(B) + base + bias), not emitted yet: later consumers may add to it. */
export interface PendingGemm {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly terms: readonly GemmTerm[];
  /** a value about to die that the products are added onto */
  readonly base: Node | undefined;
  /** (n,) */
  readonly bias: Node | undefined;
  /** code of the kernels' Activation */
  readonly activation: number;
  place: Place | undefined;
}

export interface GemmTerm {
  readonly k: number;
  readonly alpha: number;
  readonly a: Operand;
  readonly b: Operand;
}

export interface Operand {
  readonly node: Node;
  /** 1 where stored transposed */
  readonly transposed: 0 | 1;
  /** elements from one matrix of a batch to the next; 0 where all share one */
  readonly stride: number;
}

/** The sum of products that x promises, where it may still grow: nothing but this use, no activation, not emitted. */
export function openGemm(x: Node): PendingGemm | undefined {
  if (x.form.kind !== 'gemm' || !x.exclusive) return undefined;
  const { pending } = x.form;
  return pending.activation === 0 && pending.place === undefined ? pending : undefined;
}
