// Oracle: points of the plane, whose maps are known, and statistics computed by hand.
import { AbortError, type Progress } from '@hyperribbon/contract';
import { familyMaps, inpca, stressSummary } from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';

type Point = readonly [number, number];

/** Squared distances of points of the plane. */
const squared = (points: readonly Point[]) => ({
  values: Float64Array.from(points.flatMap(([x, y]) => points.map(([u, v]) => (x - u) ** 2 + (y - v) ** 2))),
  models: points.length,
});

// the family lies on a line; the rest does not
const family: readonly Point[] = [
  [0, 0],
  [1, 0],
  [3, 0],
  [4, 0],
];
const rest: readonly Point[] = [
  [0, 1],
  [2, 3],
  [4, 1],
];
const points = [...family, ...rest];
const members = points.map((_, i) => (i < 4 ? 1 : 0));
const groups = points.map(() => 5);

describe('maps of two families', () => {
  test('a line holds itself, and of the rest what lies along it', async () => {
    const {
      stress,
      all,
      family: placed,
    } = await familyMaps({ divergences: squared(points), members, groups, dimensions: 2 });
    expect(Math.abs(stress.all[1] - 1)).toBeLessThan(1e-7);
    expect(Math.abs(stress.family[0] - 1)).toBeLessThan(1e-7);
    expect(Math.abs(stress.rest[1] - 1)).toBeLessThan(1e-7);
    // rest centred at (2, 5/3): W = x xᵀ + y yᵀ with x = (−2, 0, 2), y = (−2, 4, −2)/3, orthogonal; x xᵀ is kept
    const [xx, yy] = [8, 24 / 9];
    expect(Math.abs(stress.restInFamily[0] - (1 - yy / Math.hypot(xx, yy)))).toBeLessThan(1e-12);
    // the second axis of a line is nothing: it must not change what is explained
    expect(stress.restInFamily[1]).toBe(stress.restInFamily[0]);
    expect(stress.allInFamily[0]).toBeLessThan(1);
    expect([all.dimensions, all.coordinates.length, placed.coordinates.length]).toEqual([2, 14, 14]);
    const along = points.map((_, i) => Math.abs(placed.coordinates[2 * i] - placed.coordinates[0]));
    along.forEach((distance, i) => expect(Math.abs(distance - points[i][0])).toBeLessThan(1e-12));
  });

  test('landmarks are placed and change nothing', async () => {
    const options = { members, groups, dimensions: 2 };
    const without = await familyMaps({ ...options, divergences: squared(points) });
    const landmarks: readonly Point[] = [...points, [7, 0], [-100, 50]];
    const found = await familyMaps({ ...options, divergences: squared(landmarks), models: points.length });
    expect(found.stress).toEqual(without.stress);
    expect(found.all.coordinates.slice(0, 14)).toEqual(without.all.coordinates);
    expect(Math.abs(Math.abs(found.family.coordinates[14] - found.family.coordinates[0]) - 7)).toBeLessThan(1e-12);
  });

  test('groups are families of their own where there are three of either kind', async () => {
    const both = [...points, ...points.map(([x, y]): Point => [x + 10, 2 * y]), [0, 9] as const];
    const found = await familyMaps({
      divergences: squared(both),
      members: [...members, ...members, 1],
      groups: [...points.map(() => 8), ...points.map(() => 2), 0],
      dimensions: 2,
    });
    expect(found.perGroup.map(({ group }) => group)).toEqual([2, 8]);
    const alone = await familyMaps({ divergences: squared(points), members, groups, dimensions: 2 });
    found.perGroup[1].inFamily.forEach((value, k) =>
      expect(Math.abs(value - alone.stress.restInFamily[k])).toBeLessThan(1e-12),
    );
    expect(found.perGroup[0].inFamily[0]).toBeLessThan(found.perGroup[1].inFamily[0]);
  });

  test('one model of either kind, and models that are all alike', async () => {
    const two = await familyMaps({
      divergences: squared([
        [0, 0],
        [3, 4],
      ]),
      members: [1, 0],
      groups: [0, 0],
      dimensions: 3,
    });
    expect(two.family.dimensions).toBe(1);
    expect([...two.family.coordinates]).toEqual([0, 0]);
    expect(two.perGroup).toEqual([]);
    const same = await familyMaps({
      divergences: squared(points.map((): Point => [1, 1])),
      members,
      groups,
      dimensions: 1,
    });
    expect([...same.all.coordinates]).toEqual(points.map(() => 0));
    expect(Object.values(same.stress).map(([first]) => first)).toEqual([1, 1, 1, 1, 1]);
  });

  test('the map of all is that of inpca', async () => {
    const divergences = squared(points);
    const { all, stress } = await familyMaps({ divergences, members, groups, dimensions: 2 });
    const map = await inpca(divergences, { dimensions: 2, tol: 1e-8 });
    expect(stress.all).toEqual(map.explainedStress);
    all.coordinates.forEach((x, i) => expect(Math.abs(x - map.coordinates[i])).toBeLessThan(1e-12));
  });

  test('reports each map and rejects with AbortError', async () => {
    const options = { divergences: squared(points), members, groups, dimensions: 2 };
    const heard: Progress<string>[] = [];
    await familyMaps({ ...options, onProgress: (progress) => heard.push(progress) });
    expect(heard.map(({ done, of }) => [done, of])).toEqual([0, 1, 2, 3, 4, 5].map((done) => [done, 5]));
    expect(heard[4].detail).toBe('group 5 alone');
    const controller = new AbortController();
    const stopped = familyMaps({
      ...options,
      signal: controller.signal,
      onProgress: ({ done }) => void (done === 2 && controller.abort()),
    });
    await expect(stopped).rejects.toBeInstanceOf(AbortError);
  });

  test.each([
    ['models', { models: 9 }, 'models must be an integer in [2, 7], got models=9'],
    ['members', { members: [1] }, 'members must have length 7, got 1'],
    ['family', { members: points.map(() => 1) }, 'members.count must be an integer in [1, 6], got members.count=7'],
    ['groups', { groups: [] }, 'groups must have length 7, got 0'],
    ['dimensions', { dimensions: 0 }, 'dimensions must be an integer >= 1'],
  ] as const)('refuses wrong %s', async (_, wrong, message) => {
    const options = { divergences: squared(points), members, groups, dimensions: 2, ...wrong };
    await expect(familyMaps(options)).rejects.toThrow(`familyMaps: ${message}`);
  });
});

describe('how groups agree', () => {
  const row = (group: number, inFamily: number, own: number) => ({ group, inFamily: [0, inFamily], own: [0, own, 1] });

  test('mean and deviation of a sample', () => {
    const summary = stressSummary([row(3, 0.5, 0.5), row(4, 0.7, 1)], 2);
    expect(summary.perGroup).toEqual([
      { group: 3, inFamily: 0.5, own: 0.5 },
      { group: 4, inFamily: 0.7, own: 1 },
    ]);
    const { mean, deviation, ownMean, ratio, ratioDeviation } = summary;
    [mean - 0.6, deviation - Math.sqrt(0.02), ownMean - 0.75, ratio - 0.85, ratioDeviation - Math.sqrt(0.045)].forEach(
      (difference) => expect(Math.abs(difference)).toBeLessThan(1e-15),
    );
  });

  test('one group has no deviation; no more dimensions than every map has', () => {
    expect(stressSummary([row(1, 0.9, 1)], 5)).toMatchObject({
      dimensions: 2,
      mean: 0.9,
      deviation: 0,
      ratioDeviation: 0,
    });
    expect(() => stressSummary([], 2)).toThrow('perGroup.length must be an integer >= 1');
    expect(() => stressSummary([row(1, 1, 1)], 0)).toThrow('dimensions must be an integer >= 1');
  });
});
