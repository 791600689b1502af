import type { EnsembleRun } from './shape.js';

/** Runs that share a colour: one kind of network under all its training settings. */
export interface ModelGroup {
  readonly name: string;
  readonly family: 'linear' | 'nonlinear';
  readonly colour: number;
  /** indices into the runs of the ensemble */
  readonly runs: readonly number[];
}

// linear models in greens and greys that recede, nonlinear ones in warm hues
const colours = { linear: [2, 5, 4], nonlinear: [1, 3, 0, 6] };

/** Groups in the order of their first run, linear ones first. */
export function modelGroups(runs: readonly EnsembleRun[]): readonly ModelGroup[] {
  const groups = new Map<string, { name: string; family: 'linear' | 'nonlinear'; runs: number[] }>();
  runs.forEach(({ group, family }, i) => {
    const key = `${family} ${group}`;
    const found = groups.get(key) ?? { name: group, family, runs: [] };
    found.runs.push(i);
    groups.set(key, found);
  });
  const list = [...groups.values()].sort((a, b) => Number(a.family === 'nonlinear') - Number(b.family === 'nonlinear'));
  const used = { linear: 0, nonlinear: 0 };
  return list.map((group) => {
    const palette = colours[group.family];
    return { ...group, colour: palette[used[group.family]++ % palette.length] };
  });
}

/** The colour of each run by its index. */
export function runColours(groups: readonly ModelGroup[]): ReadonlyMap<number, number> {
  return new Map(groups.flatMap(({ runs, colour }) => runs.map((run) => [run, colour] as const)));
}
