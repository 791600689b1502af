import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  AbortError,
  ArgumentError,
  ArgumentTypeError,
  ContractError,
  diagonal,
  eigh,
  eigsh,
  eigshCost,
  eigvalsh,
  fromDense,
  fromMatvec,
  initialize,
  MemoryLimitError,
  NonFiniteError,
  OperatorError,
  tridiagonalEigen,
  verifyOperator,
  type EigshOptions,
  type LinearOperator,
} from '@hyperribbon/lanczos';
import { bulkEdge, gaussQuadrature, spectralDensity } from '@hyperribbon/lanczos/density';
import { fromDenseRectangular, fromMatvecs, svd, svds } from '@hyperribbon/lanczos/svd';
import { nullSpace, rank } from '@hyperribbon/lanczos/rank';
import { eigshTime } from '@hyperribbon/lanczos/time';
import {
  eigenvalueCount,
  estimateDiagonal,
  estimateEffectiveDimension,
  estimateTrace,
  logdet,
  matrixFunction,
  schattenNorm,
} from '@hyperribbon/lanczos/trace';
import * as contract from '@hyperribbon/contract';
import * as linop from '@hyperribbon/linop';

const A = diagonal(Float64Array.from({ length: 50 }, (_, i) => i + 1));
const R = fromDenseRectangular(
  Float64Array.from({ length: 60 }, (_, i) => (i % 7) + 1),
  10,
  6,
);
const none = null as never;
const square = Float64Array.of(1, 2, 2, 4);
const unit = Float64Array.of(1, 2);

describe('options that are null', () => {
  const calls: Record<string, () => unknown> = {
    eigsh: () => eigsh(A, none),
    eigshCost: () => eigshCost(A, none),
    eigshTime: () => eigshTime(A, none),
    spectralDensity: () => spectralDensity(A, none),
    bulkEdge: () => bulkEdge(A, none),
    estimateTrace: () => estimateTrace(A, none),
    estimateDiagonal: () => estimateDiagonal(A, none),
    logdet: () => logdet(A, none),
    eigenvalueCount: () => eigenvalueCount(A, 1, 2, none),
    estimateEffectiveDimension: () => estimateEffectiveDimension(A, 1, none),
    schattenNorm: () => schattenNorm(R, 1, none),
    matrixFunction: () => matrixFunction(A, (x) => x, 5, none),
    svd: () => svd(square, 2, 2, none),
    rank: () => rank(R, none),
    nullSpace: () => nullSpace(R, none),
    eigh: () => eigh(square, 2, none),
    eigvalsh: () => eigvalsh(square, 2, none),
    tridiagonalEigen: () => tridiagonalEigen(unit, unit.slice(1), none),
    initialize: () => initialize(A, none),
    verifyOperator: () => verifyOperator(A, none),
    materialize: () => linop.materialize(A, none),
    fromMatvec: () => fromMatvec(3, () => undefined, none),
    density: async () => (await spectralDensity(A, { probes: 2 })).density([1], none),
    cdf: async () => (await spectralDensity(A, { probes: 2 })).cdf([1], none),
  };
  for (const [name, call] of Object.entries(calls))
    it(`${name} names itself and them`, async () => {
      const error = await (async () => call())().catch((e: unknown) => e);
      expect(error).toBeInstanceOf(ArgumentTypeError);
      expect((error as Error).message).toMatch(new RegExp(`^${name}: options must be an object.*, got null$`));
    });
});

describe('arguments that do not fit', () => {
  const wrong: [call: () => unknown, message: RegExp][] = [
    [() => eigsh(A, { k: 1, deflate: none }), /^eigsh: deflate.vectors must be .*, got undefined/],
    [() => eigsh(A, { k: 1, deflate: {} as never }), /^eigsh: deflate.vectors must be .*, got undefined/],
    [() => eigsh(A, { k: 1, filter: 'on' as never }), /^eigsh: filter must be one of 'auto', 'off', got "on"/],
    [() => eigsh(A, { k: 1, denseBelow: 'x' as never }), /^eigsh: denseBelow must be a number/],
    [() => eigsh(A, { k: 1, checkpointEvery: -1 }), /^eigsh: checkpointEvery must be an integer >= 0/],
    [() => spectralDensity(A, { resume: none }), /^spectralDensity: resume must be probes.*, got null/],
    [() => spectralDensity(A, { resume: [{}] as never }), /^spectralDensity: resume must be probes/],
    [() => spectralDensity(A, { distribution: 'normal' as never }), /distribution must be one of .*got "normal"/],
    [() => estimateTrace(A, { distribution: 'normal' as never }), /distribution must be one of .*got "normal"/],
    [() => estimateTrace(A, { f: 3 as never }), /^estimateTrace: f must be a function of a number, got 3/],
    [() => matrixFunction(A, none, 5), /^matrixFunction: f must be a function of a number, got null/],
    [async () => (await spectralDensity(A, { probes: 2 })).trace(3 as never), /f must be a function of a number/],
    [async () => (await spectralDensity(A, { probes: 2 })).cdf([NaN]), /^cdf: every x must be a number/],
    [async () => (await spectralDensity(A, { probes: 2 })).cdf([1], { axis: 'x' as never }), /^cdf: axis must be/],
    [async () => (await spectralDensity(A, { probes: 2 })).density([1], { axis: 'x' as never }), /^density: axis must/],
    [() => gaussQuadrature(NaN as never, unit, 1), /^gaussQuadrature: alpha must be an array of numbers, got NaN/],
    [
      () => gaussQuadrature(Float64Array.of(NaN), unit, 1),
      /^gaussQuadrature: alpha must be finite, got alpha\[0\]=NaN/,
    ],
    [() => gaussQuadrature(Float64Array.of(1, 2, 3), unit.slice(1), 1), /beta must have at least 2 entries/],
    [() => gaussQuadrature(unit, unit, NaN), /^gaussQuadrature: mass must be .*mass=NaN/],
    [
      () =>
        eigh(
          [
            [2, 1],
            [1, 2],
          ] as never,
          undefined as never,
        ),
      /^eigh: a must be a Float32Array or Float64Array, got an array of length 2/,
    ],
    [() => eigh([2, 1, 1, 2] as never, 2), /^eigh: a must be a Float32Array or Float64Array, got an array of length 4/],
    [
      () =>
        svd(
          [
            [2, 1],
            [1, 2],
          ] as never,
          2,
          2,
        ),
      /^svd: a must be a Float32Array or Float64Array, got an array/,
    ],
    [() => fromMatvecs(3, 2, none), /^fromMatvecs: products must be .*, got null/],
    [() => svds(R, { k: 2, which: 'LM' as never }), /^svds: which must be one of .*got .*LM/],
    ...(['above', 'below', 'deflate', 'v0', 'blockSize'] as const).map((name): [() => unknown, RegExp] => [
      () => svds(R, { k: 2, [name]: 1 }),
      new RegExp(`^svds: ${name} is no option of svds`),
    ]),
  ];
  for (const [call, message] of wrong)
    it(String(message), async () => {
      const error = await (async () => call())().catch((e: unknown) => e);
      expect((error as { badArgument?: unknown }).badArgument).toBe(true);
      expect((error as Error).message).toMatch(message);
    });
});

describe('small orders', () => {
  it('say eigsh where a product fails', async () => {
    const broken = fromMatvec(5, () => {
      throw new Error('no');
    });
    await expect(eigsh(broken, { k: 1 })).rejects.toThrow(/^eigsh: the operator threw at product 1: no/);
    await expect(
      eigsh(
        fromMatvec(5, (_, out) => void out.fill(NaN)),
        { k: 1 },
      ),
    ).rejects.toThrow(/^eigsh: product 1 has NaN/);
  });
});

describe('the entry', () => {
  it('is all that the examples of its README import from', () => {
    const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const modules = [...text.matchAll(/^import .* from '(.*)';$/gm)].map((match) => match[1]);
    expect(modules.length).toBeGreaterThan(5);
    for (const name of modules) expect(name).toMatch(/^@hyperribbon\/lanczos(\/[a-z]+)?$/);
  });
  it('has what its users make operators of and meet as errors: the same objects as those of the packages below', () => {
    expect({ diagonal, fromDense, fromMatvec, verifyOperator, fromMatvecs, fromDenseRectangular }).toEqual({
      diagonal: linop.diagonal,
      fromDense: linop.fromDense,
      fromMatvec: linop.fromMatvec,
      verifyOperator: linop.verifyOperator,
      fromMatvecs: linop.fromMatvecs,
      fromDenseRectangular: linop.fromDenseRectangular,
    });
    expect([ContractError, NonFiniteError, OperatorError]).toEqual([
      linop.ContractError,
      linop.NonFiniteError,
      linop.OperatorError,
    ]);
    expect([AbortError, ArgumentError, ArgumentTypeError, MemoryLimitError]).toEqual([
      contract.AbortError,
      contract.ArgumentError,
      contract.ArgumentTypeError,
      contract.MemoryLimitError,
    ]);
  });
  it('its types: vectors are there where they were asked for, and a question must be asked', async () => {
    const { vectors } = eigh(square, 2, { vectors: true });
    const { u } = svd(square, 2, 2, { vectors: true });
    expect([vectors.length, u.length, tridiagonalEigen(unit, unit.slice(1), { vectors: true }).vectors.length]).toEqual(
      [4, 4, 4],
    );
    // @ts-expect-error vectors were not asked for
    expect(() => eigh(square, 2).vectors.length).toThrow(TypeError);
    // @ts-expect-error neither k nor a threshold
    const asked: EigshOptions = {};
    await expect(eigsh(A, asked)).rejects.toThrow(/k must be a number, got undefined/);
    const threshold: EigshOptions = { above: 49.5 };
    expect((await eigsh(A, threshold)).values.length).toBe(1);
  });
});

describe('products that never settle', () => {
  /** products that are promises, the one of number `at` never settled, with the signal aborted while it is waited for */
  function hanging(a: LinearOperator, at: number): { readonly op: LinearOperator; readonly signal: AbortSignal } {
    const controller = new AbortController();
    let call = 0;
    const op = fromMatvec(a.size, async (x, out) => {
      if (++call >= at) {
        queueMicrotask(() => controller.abort('enough'));
        await new Promise(() => undefined);
      }
      await a.apply(x, out);
    });
    return { op, signal: controller.signal };
  }
  const large = diagonal(Float64Array.from({ length: 1500 }, (_, i) => (i % 700) / 3));

  it('end a search with what it had, which can be resumed', async () => {
    for (const at of [1, 30, 60]) {
      const { op, signal } = hanging(large, at);
      let state: Uint8Array | undefined;
      const options = { k: 3, tol: 1e-10, seed: 2, onCheckpoint: (saved: Uint8Array) => void (state = saved) } as const;
      const report = await eigsh(op, { ...options, signal });
      expect([report.reason, report.matvecs, report.converged]).toEqual(['aborted', at - 1, false]);
      const whole = await eigsh(large, options);
      expect(whole.converged).toBe(true);
      expect((await eigsh(large, { ...options, resume: state! })).values).toEqual(whole.values);
    }
  });
  it('a search in blocks, with a polynomial, or of a small order too', async () => {
    const block = hanging(large, 7);
    const n = large.size;
    const blocks: LinearOperator = {
      ...block.op,
      async applyBlock(x, out, columns) {
        for (let j = 0; j < columns; j++)
          await block.op.apply(x.subarray(j * n, (j + 1) * n), out.subarray(j * n, (j + 1) * n));
      },
    };
    expect((await eigsh(blocks, { k: 2, blockSize: 4, signal: block.signal })).reason).toBe('aborted');
    const small = hanging(A, 20);
    expect((await eigsh(small.op, { k: 2, signal: small.signal })).reason).toBe('aborted');
    const line = fromMatvec(1500, (x, out) => {
      for (let i = 0; i < 1500; i++) out[i] = 2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0);
    });
    const slow = hanging(line, 1400);
    const report = await eigsh(slow.op, { k: 4, tol: 1e-8, signal: slow.signal, maxMatvecs: 20000 });
    expect([report.reason, report.filter !== null]).toEqual(['aborted', true]);
  });
  it('end every estimate with an AbortError that knows why', async () => {
    const runs: ((op: LinearOperator, signal: AbortSignal) => Promise<unknown>)[] = [
      (op, signal) => spectralDensity(op, { signal, steps: 8 }),
      (op, signal) => logdet(op, { signal, steps: 8 }),
      (op, signal) => estimateTrace(op, { signal }),
      (op, signal) => estimateTrace(op, { signal, method: 'xtrace', f: (x) => x, steps: 5 }),
      (op, signal) => estimateDiagonal(op, { signal }),
      (op, signal) => estimateDiagonal(op, { signal, method: 'xdiag' }),
      (op, signal) => linop.materialize(op, { signal }),
      (op, signal) => eigshTime(op, { k: 1, signal }),
      async (op, signal) =>
        matrixFunction(op, (x) => x, 9, { signal }).apply(new Float64Array(1500).fill(1), new Float64Array(1500)),
    ];
    for (const run of runs) {
      const { op, signal } = hanging(large, 3);
      await expect(run(op, signal)).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    }
    const { op, signal } = hanging(large, 20);
    const error = await spectralDensity(op, { signal, steps: 8 }).catch((e: unknown) => e);
    expect((error as AbortError<{ probes: number }>).partial!.probes).toBe(2);
  });
});
