import { refuse } from '@hyperribbon/contract';
import type { LimitReason } from '@hyperribbon/contract/reasons';
import { exp, expm1 } from '@hyperribbon/kernels';
import type { DeepLinearNet } from '../deepLinearNet.js';
import { cholesky, identity, multiply, rowGram, solveRows, transpose } from '../dense.js';
import { endToEnd } from '../deepLinearNet.js';
import { jacobiSvd } from '../jacobiSvd.js';
import type { LambdaBalancedFlow } from './lambdaBalancedFlow.js';
import { riccatiProblem, type TwoLayerOptions } from './riccatiProblem.js';

/** Target and times of the zero-balanced solution. */
export type BraunFlowOptions = Omit<TwoLayerOptions, 'lambda'>;

/** The zero-balanced solution at each time, and whether its formula had a value. */
export interface BraunFlow extends Pick<LambdaBalancedFlow, 'times' | 'gram'> {
  /** condition number of B = UᵀŨ + VᵀṼ */
  readonly condition: number;
  /** false when B is singular (condition > 1e12): the formula then has no value and gram is NaN; lambdaBalancedFlow gives the exact flow */
  readonly converged: boolean;
  readonly reason: Extract<LimitReason, 'target' | 'opposite-determinants' | 'singular-overlap'>;
}

/**
 * The zero-balanced solution in its compact form, from the singular vectors of Σ_yx = Ũ S̃ Ṽᵀ and of W_2 W_1 = U S Vᵀ at the start.
 *
 * With B = UᵀŨ + VᵀṼ, C = UᵀŨ − VᵀṼ, e = e^{−S̃ t/τ}: QQᵀ = Z M⁻¹ Zᵀ as in the formula of the paper. Wants hidden = min(inputs,
 * outputs) and full rank of Σ_yx and W_2 W_1; `lambdaBalancedFlow` has none of these limits and is what to use. This one is here
 * to be compared with it and with the literature.
 * @throws ArgumentError for another hidden width, rank-deficient matrices, or a network that is not zero-balanced
 * Cost: two singular value decompositions, then O(n² hidden) per time.
 * Source: [braun2022, Thm 3.1] from memory (abstract read), checked numerically against integration.
 * @example braunFlow(balancedNet([0.1], { widths: [1, 1, 1] }), { inputOutput: [2], times: [20] }).gram // [2, 2, 2, 2]
 */
export function braunFlow(net: DeepLinearNet, options: BraunFlowOptions): BraunFlow {
  const where = 'braunFlow';
  const problem = riccatiProblem(where, net, { ...options, lambda: 0 });
  const { times, inputs, outputs, hidden, target, tau, singularValues } = problem;
  const n = inputs + outputs;
  if (hidden !== Math.min(inputs, outputs)) {
    refuse(
      where,
      `hidden width must be min(inputs, outputs) = ${Math.min(inputs, outputs)}, got ${hidden}; use lambdaBalancedFlow`,
    );
  }
  const { left: Ut, right: Vt } = jacobiSvd(target, outputs, inputs);
  const { values: S, left: U, right: V } = jacobiSvd(endToEnd(net), outputs, inputs);
  if (singularValues[hidden - 1] === 0 || S[hidden - 1] === 0) {
    refuse(
      where,
      `inputOutput and W2 W1 must have rank ${hidden}, smallest singular values are ${singularValues[hidden - 1]} and ${S[hidden - 1]}; use lambdaBalancedFlow`,
    );
  }
  // rows of U, V, ... are singular vectors: UᵀŨ in the paper's letters
  const uu = multiply(U, transpose(Ut, hidden, outputs), hidden, outputs, hidden);
  const vv = multiply(V, transpose(Vt, hidden, inputs), hidden, inputs, hidden);
  const B = uu.map((x, i) => x + vv[i]!);
  const C = uu.map((x, i) => x - vv[i]!);
  const { values, left, right } = jacobiSvd(B, hidden, hidden);
  const condition = values[0]! / values[hidden - 1]!;
  const gram = new Float64Array(times.length * n * n);
  if (!(condition <= 1e12)) {
    const reason = inputs === outputs ? 'opposite-determinants' : 'singular-overlap';
    return { times, gram: gram.fill(NaN), condition, converged: false, reason };
  }
  // B⁻ᵀ = Σ u v /s; its rows index the start, its columns the target
  const scaled = right.map((v, p) => v / values[Math.floor(p / hidden)]!);
  const Bit = multiply(transpose(left, hidden, hidden), scaled, hidden, hidden, hidden);
  const CB = multiply(transpose(C, hidden, hidden), Bit, hidden, hidden, hidden);
  const [outerV, outerU] = [outside(V, Vt, hidden, inputs), outside(U, Ut, hidden, outputs)];
  const parts = { hidden, Bit, CB, Ut, Vt, outerU, outerV };
  const bracket = bracketOf(parts, S, singularValues, inputs, outputs);
  times.forEach((t, i) => {
    const x = t / tau;
    const e = singularValues.map((s) => exp(-s * x));
    const root = cholesky(bracket(x, e), hidden);
    if (root === undefined) gram.fill(NaN, i * n * n, (i + 1) * n * n);
    else gram.set(rowGram(solveRows(root, hidden, tallFactor(parts, e, inputs, outputs), n), n, hidden), i * n * n);
  });
  return { times, gram, condition, converged: true, reason: 'target' };
}

/** The matrices of the formula; rows are singular vectors, each array (hidden, …). */
interface BraunParts {
  readonly hidden: number;
  /** B⁻ᵀ, and Cᵀ B⁻ᵀ */
  readonly Bit: Float64Array;
  readonly CB: Float64Array;
  readonly Ut: Float64Array;
  readonly Vt: Float64Array;
  /** (I − Ũ Ũᵀ) U and (I − Ṽ Ṽᵀ) V */
  readonly outerU: Float64Array;
  readonly outerV: Float64Array;
}

/** M at a time x = t/τ with e = e^{−S̃ x}, (hidden, hidden). */
function bracketOf(
  { hidden, Bit, CB, outerU, outerV }: BraunParts,
  S: Float64Array,
  targets: Float64Array,
  inputs: number,
  outputs: number,
): (x: number, e: Float64Array) => Float64Array {
  const congruence = (m: Float64Array): Float64Array =>
    multiply(multiply(transpose(Bit, hidden, hidden), m, hidden, hidden, hidden), Bit, hidden, hidden, hidden);
  const squareU = rowGram(outerU, hidden, outputs);
  const start = congruence(identity(hidden).map((x, p) => (4 * x) / S[p % hidden]!));
  const slow = congruence(rowGram(outerV, hidden, inputs).map((v, i) => v + squareU[i]!));
  return (x, e) => {
    const gain = targets.map((s) => -expm1(-2 * s * x) / s);
    // CᵀB⁻ᵀ as Gram: B⁻¹ C diag(gain) Cᵀ B⁻ᵀ
    const weighted = CB.map((v, p) => v * Math.sqrt(gain[Math.floor(p / hidden)]!));
    const middle = rowGram(transpose(weighted, hidden, hidden), hidden, hidden);
    return middle.map((m, p) => {
      const [a, b] = [Math.floor(p / hidden), p % hidden];
      const fading = e[a]! * e[b]!;
      return (fading === 0 ? 0 : fading * (start[p]! + m + 4 * x * slow[p]!)) + (a === b ? gain[a]! : 0);
    });
  };
}

/** Z, (inputs + outputs, hidden) */
function tallFactor(
  { hidden, Bit, CB, Ut, Vt, outerU, outerV }: BraunParts,
  e: Float64Array,
  inputs: number,
  outputs: number,
): Float64Array {
  const Z = new Float64Array((inputs + outputs) * hidden);
  for (let j = 0; j < hidden; j++) {
    for (let k = 0; k < hidden; k++) {
      const eBit = Bit[k * hidden + j]! * e[j]!;
      const bend = e[k]! * CB[k * hidden + j]! * e[j]!;
      const straight = k === j ? 1 : 0;
      for (let r = 0; r < inputs; r++) {
        Z[r * hidden + j]! += Vt[k * inputs + r]! * (straight - bend) + 2 * outerV[k * inputs + r]! * eBit;
      }
      for (let r = 0; r < outputs; r++) {
        Z[(inputs + r) * hidden + j]! += Ut[k * outputs + r]! * (straight + bend) + 2 * outerU[k * outputs + r]! * eBit;
      }
    }
  }
  return Z;
}

/** Rows of `a` minus their parts in the span of the rows of `basis`: (I − Ṽ Ṽᵀ) V */
function outside(a: Float64Array, basis: Float64Array, rows: number, columns: number): Float64Array {
  const along = multiply(a, transpose(basis, rows, columns), rows, columns, rows);
  const inside = multiply(along, basis, rows, rows, columns);
  return a.map((x, i) => x - inside[i]!);
}
