import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normals, type RandomStream, restoreStream, stream } from '@hyperribbon/random';

fc.configureGlobal({ seed: 20261122, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true });

type Kind = 'uniform' | 'normal' | 'rademacher';
const kinds = fc.constantFrom<Kind>('uniform', 'normal', 'rademacher');
const lengths = fc.array(fc.oneof(fc.nat(7), fc.nat(700), fc.constantFrom(511, 512, 513, 1023, 1024, 1025)), {
  maxLength: 8,
});
const names = fc.record({
  seed: fc.maxSafeNat(),
  purpose: fc.string({ maxLength: 12 }),
  index: fc.oneof(fc.nat(9), fc.maxSafeNat()),
});
const arrays = fc.constantFrom<new (n: number) => Float32Array | Float64Array>(Float32Array, Float64Array);
const bits = (values: ArrayLike<number>): bigint[] => [...new BigUint64Array(Float64Array.from(values).buffer)];

describe('a stream is one sequence', () => {
  it('whose first normals come without the rest of it', () => {
    fc.assert(
      fc.property(names, arrays, fc.oneof(fc.nat(7), fc.nat(1200)), (name, Array_, n) => {
        expect(bits(normals(name, new Array_(n)))).toEqual(bits(stream(name).normal(new Array_(n))));
      }),
    );
    expect(() => normals({ seed: -1, purpose: 'x' }, new Float64Array(2))).toThrow(/^normals: seed must be/);
  });
  it('however it is cut into calls', () => {
    fc.assert(
      fc.property(names, kinds, arrays, lengths, (name, kind, Array_, parts) => {
        const total = parts.reduce((a, b) => a + b, 0);
        const whole = stream(name)[kind](new Array_(total));
        const s = stream(name);
        const pieces = parts.flatMap((n) => [...s[kind](new Array_(n))]);
        expect(bits(pieces)).toEqual(bits(whole));
      }),
    );
  });

  it('in float32 the normals of float64, rounded, and the same signs', () => {
    fc.assert(
      fc.property(names, fc.nat(2000), (name, n) => {
        for (const kind of ['normal', 'rademacher'] as const) {
          const wide = stream(name)[kind](new Float64Array(n));
          expect(bits(stream(name)[kind](new Float32Array(n)))).toEqual(bits(wide.map(Math.fround)));
        }
      }),
    );
  });
});

type Draw = (s: RandomStream) => number[];
const draws: fc.Arbitrary<Draw> = fc.oneof(
  fc.tuple(kinds, arrays, fc.nat(40)).map(
    ([kind, A, n]): Draw =>
      (s) => [...s[kind](new A(n))],
  ),
  fc.constant<Draw>((s) => [s.nextUint32()]),
  fc.maxSafeInteger().map(
    (below): Draw =>
      (s) => [s.integer(Math.max(1, Math.abs(below)))],
  ),
  fc.nat(30).map(
    (n): Draw =>
      (s) => [...s.permutation(n)],
  ),
  fc.nat(2000).map(
    (words): Draw =>
      (s) => (s.skip(words), []),
  ),
  fc.integer({ min: 1, max: 9 }).map(
    (n): Draw =>
      (s) => [...s.sphere(new Float64Array(n))],
  ),
);

describe('positions', () => {
  it('a state taken anywhere, sent as JSON, continues the stream', () => {
    fc.assert(
      fc.property(
        names,
        fc.array(draws, { maxLength: 6 }),
        fc.array(draws, { maxLength: 6 }),
        (name, before, after) => {
          const s = stream(name);
          for (const draw of before) draw(s);
          const state = JSON.parse(JSON.stringify(s.state()));
          const resumed = restoreStream(state);
          expect(resumed.state()).toEqual(state);
          const expected = after.flatMap((draw) => draw(s));
          expect(bits(after.flatMap((draw) => draw(resumed)))).toEqual(bits(expected));
          expect(resumed.state()).toEqual(s.state());
        },
      ),
    );
  });

  it('skip leaves out exactly the words that nextUint32 would draw', () => {
    fc.assert(
      fc.property(names, fc.nat(5000), fc.nat(9), (name, words, before) => {
        const drawn = stream(name);
        const skipped = stream(name);
        for (let i = 0; i < before; i++) expect(drawn.nextUint32()).toBe(skipped.nextUint32());
        for (let i = 0; i < words; i++) drawn.nextUint32();
        skipped.skip(words);
        for (let i = 0; i < 5; i++) expect(skipped.nextUint32()).toBe(drawn.nextUint32());
      }),
    );
  });

  it('skip reaches far beyond 32 bits and words stay those of the counter', () => {
    const far = stream({ seed: 3, purpose: 'far', index: 1 });
    far.skip(2 ** 34 - 2); // the block counter passes 2³² in the next draws
    const crossing = Array.from({ length: 8 }, () => far.nextUint32());
    const again = stream({ seed: 3, purpose: 'far', index: 1 });
    again.skip(2 ** 34);
    expect(Array.from({ length: 6 }, () => again.nextUint32())).toEqual(crossing.slice(2));
    expect(new Set(crossing).size).toBe(8);
  });
});

describe('shapes of results', () => {
  it('permutation is one', () => {
    fc.assert(
      fc.property(names, fc.nat(300), (name, n) => {
        const order = stream(name).permutation(n);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  it('sphere has norm one to rounding', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 3000 }), (name, n) => {
        const square = (x: ArrayLike<number>): number => Array.from(x).reduce((sum, value) => sum + value * value, 0);
        expect(Math.abs(square(stream(name).sphere(new Float64Array(n))) - 1)).toBeLessThan(1e-13);
        expect(Math.abs(square(stream(name).sphere(new Float32Array(n))) - 1)).toBeLessThan(2.5e-7);
      }),
    );
  });

  it('fillers write their array and nothing around it, and return it', () => {
    const buffer = new Float64Array(24).fill(77);
    const view = buffer.subarray(4, 15);
    const s = stream({ seed: 1, purpose: 'guard' });
    for (const kind of ['uniform', 'normal', 'rademacher', 'sphere'] as const) expect(s[kind](view)).toBe(view);
    expect([...buffer.subarray(0, 4), ...buffer.subarray(15)]).toEqual(Array.from({ length: 13 }, () => 77));
    for (const kind of ['uniform', 'normal', 'rademacher', 'sphere'] as const) {
      expect(s[kind](new Float64Array(0)).length).toBe(0);
    }
  });
});

describe('mistakes', () => {
  const good = { seed: 1, purpose: 'x', index: 0 };
  it('name the function, the argument and the value', () => {
    expect(() => stream({ ...good, seed: -1 })).toThrow(
      /^stream: seed must be an integer in \[0, 2\^53 - 1\], got seed=-1/,
    );
    expect(() => stream({ ...good, seed: 0.5 })).toThrow(RangeError);
    expect(() => stream({ ...good, seed: 2 ** 53 })).toThrow(RangeError);
    expect(() => stream({ ...good, seed: NaN })).toThrow(/got seed=NaN/);
    expect(() => stream({ ...good, index: -1 })).toThrow(/stream: index/);
    expect(() => stream({ ...good, seed: '7' as unknown as number })).toThrow(TypeError);
    expect(() => stream({ ...good, purpose: undefined as unknown as string })).toThrow(/^stream: purpose/);
    expect(() => stream(good).normal([] as unknown as Float64Array)).toThrow(/^normal: out must be a Float32Array/);
    expect(() => stream(good).integer(0)).toThrow(/^integer: below/);
    expect(() => stream(good).integer(2 ** 53)).toThrow(RangeError);
    expect(() => stream(good).permutation(-1)).toThrow(/^permutation: n/);
    expect(() => stream(good).skip(1.5)).toThrow(/^skip: words/);
  });

  it('a malformed state is refused', () => {
    const state = stream(good).state();
    expect(() => restoreStream({ ...state, seed: -2 })).toThrow(/^stream: seed/);
    expect(() => restoreStream({ ...state, words: -4 })).toThrow(/^restoreStream: words/);
    expect(() => restoreStream({ ...state, bits: 32, words: 1 })).toThrow(/bits/);
    expect(() => restoreStream({ ...state, half: true })).toThrow(/words/);
    expect(() => restoreStream({ ...state, half: 1 as unknown as boolean, words: 8 })).toThrow(TypeError);
    expect(() => restoreStream(null as never)).toThrow(/^restoreStream: state must be an object, got null/);
  });

  it('index defaults to 0 and the name matters', () => {
    const first = (name: Parameters<typeof stream>[0]): number => stream(name).nextUint32();
    expect(first({ seed: 1, purpose: 'x' })).toBe(first(good));
    expect(first({ ...good, index: 1 })).not.toBe(first(good));
  });
});
