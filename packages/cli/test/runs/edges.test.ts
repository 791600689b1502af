// Oracle: what is said of a bound follows its numbers: where the best member stands among those that were tried, and what guessing has.
import type { AnalyticBoundSection } from '@hyperribbon/report';
import { describe, expect, it } from 'vitest';
import { boundNotes, isLoose } from '../../src/analysis/boundNotes.js';
import { gridEdges } from '../../src/bound/gridEdges.js';

/** A bound whose grid was tried at these j, with the best at one of them. */
function bound(tried: readonly number[], best: number, value = 0.1): AnalyticBoundSection {
  const candidates = [1, 2, 3, 4, 5, 6, 7].map((j) => ({
    j,
    precision: 10 * j,
    ...(tried.includes(j) ? { plugIn: 0.2 } : {}),
  }));
  return { candidates, best: { j: best, value } } as unknown as AnalyticBoundSection;
}

describe('the best ε', () => {
  it.each([
    [[1, 4, 7], 1, /ε = 10\.0 is the smallest of the 3 that were tried, 10\.0 to 70\.0/],
    [[1, 4, 7], 7, /ε = 70\.0 is the largest of the 3/],
    // the grid goes on, the trials did not
    [[2, 3, 5], 2, /smallest of the 3 that were tried, 20\.0 to 50\.0/],
  ])('of %j at %i is flagged', (tried, best, text) => {
    const [note, ...others] = boundNotes(bound(tried, best), 0.5);
    expect(note).toMatchObject({ kind: 'warning', title: 'The best ε stands at an end of its grid' });
    expect(note.text).toMatch(text);
    expect(others).toEqual([]);
  });

  it('within is not, nor one that had no rival', () => {
    expect(boundNotes(bound([1, 4, 7], 4), 0.5)).toEqual([]);
    expect(boundNotes(bound([4], 4), 0.5)).toEqual([]);
    expect(boundNotes(undefined, 0.5)).toEqual([]);
    expect(boundNotes({ candidates: [] } as unknown as AnalyticBoundSection, 0.5)).toEqual([]);
  });
});

describe('a bound that leaves much to be desired', () => {
  it.each([
    [0.6, 0.5, /^The bound, 60\.00 %, is vacuous: it is not below the error of guessing, 50\.00 %/],
    [0.5, 0.5, /is vacuous/],
    [0.4851, 0.5, /^The bound, 48\.51 %, is below the error of guessing, 50\.00 %, by less than half of it/],
    // rounded to the side on which it stays true
    [0.2500001, 0.5, /^The bound, 25\.01 %/],
  ])('%d where guessing has %d points to the optimised one', (value, chance, text) => {
    const [note] = boundNotes(bound([1, 4, 7], 4, value), chance);
    expect(note.text).toMatch(text);
    expect(note.text).toContain('“hyperribbon bound”');
    expect(isLoose(value, chance)).toBe(true);
  });

  it('is none at half of what guessing has', () => {
    expect(boundNotes(bound([1, 4, 7], 4, 0.25), 0.5)).toEqual([]);
    expect(isLoose(0.25, 0.5)).toBe(false);
  });
});

describe('scales of a prior', () => {
  const grid = (index: number) => ({
    kind: 'grid',
    name: `scale ${index}`,
    value: 0.09,
    index,
    b: 20,
    c: 0.1,
    as: 'variance',
  });
  const listed = (value: number) => ({ kind: 'listed', name: `λ ${value}`, value, members: [1, 3, 2] });
  const told = (...scales: object[]): string =>
    gridEdges(scales as never)
      .map(({ text }) => text)
      .join();

  it('at an end of their grid or list are named, others are not', () => {
    expect(told(grid(1), grid(2), listed(2), listed(3))).toMatch(
      /scale 1: 0\.0900, the first of its grid; λ 3: 3\.00, the largest of 3\. The/,
    );
    expect(told(listed(1))).toMatch(/λ 1: 1\.00, the smallest of 3/);
    expect(told(grid(2), listed(2), { kind: 'fixed', name: 'x', value: 1, saw: [] })).toBe('');
    expect(told({ ...listed(1), members: [1] })).toBe('');
    expect(told()).toBe('');
  });
});
