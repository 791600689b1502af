import { type OnProgress, requireInteger, requireLength, throwIfAborted } from '@hyperribbon/contract';
import { requireDistances, type SquaredDistances } from './centring.js';
import { embed, embeddedStress } from './embed.js';
import { inpca, type InpcaMap, type InpcaOptions } from './inpca.js';

/** What the maps of two families are made from. */
export interface FamilyMapsOptions extends Pick<InpcaOptions, 'seed' | 'deterministic' | 'signal'> {
  /** divergences of the models, and behind them of landmarks, which are placed in every map and have no say in any */
  readonly divergences: SquaredDistances;
  /** how many of the rows are models; default all */
  readonly models?: number;
  /** (models,) 1 for the members of the family, 0 for the rest; at least one of each */
  readonly members: ArrayLike<number>;
  /** (models,) a number that models of one group share, such as the seed of their runs */
  readonly groups: ArrayLike<number>;
  /** of every map; maps of fewer models have fewer */
  readonly dimensions: number;
  /** units: maps; `detail` says which comes next */
  readonly onProgress?: OnProgress<string>;
}

/** How much of their geometry two families of models share. */
export interface FamilyMaps {
  /** the map of all models, and that of the family with all others placed in it */
  readonly all: PlacedModels;
  readonly family: PlacedModels;
  /** (dimensions,) explained stress of 1, 2, … dimensions: in a set's own map, or in that of the family */
  readonly stress: Readonly<Record<'all' | 'family' | 'rest' | 'allInFamily' | 'restInFamily', Float64Array>>;
  /** for each group with three models of either kind: the stress of its rest in the map of its members, and in a map of its own */
  readonly perGroup: readonly GroupStress[];
}

/** Explained stress of the rest of one group, for 1, 2, … dimensions. */
export interface GroupStress {
  readonly group: number;
  readonly inFamily: Float64Array;
  readonly own: Float64Array;
}

/** Coordinates (rows, dimensions) in one map of all rows: models, then landmarks. */
export type PlacedModels = Pick<InpcaMap, 'dimensions' | 'eigenvalues' | 'coordinates'>;

/**
 * The maps of a set of models in two families: of all, of one family with the others embedded, and the same for each group alone.
 *
 * That the map of one family (linear models, say) explains the other is said of maps that were fixed before the other was looked at
 * [mao2024]. How the paper defines stress of embedded points is not known: see {@link embeddedStress}.
 * @throws ArgumentError for shapes that do not fit or a family that is empty or everything; AbortError
 * Cost: an eigenproblem per map, a pass over the matrix per embedding and dimension.
 * @example
 * const values = Float64Array.of(0, 1, 4, 9, 1, 0, 1, 4, 4, 1, 0, 1, 9, 4, 1, 0); // four points of a line
 * const maps = await familyMaps({ divergences: { values, models: 4 }, members: [1, 1, 0, 0], groups: [0, 0, 0, 0], dimensions: 1 });
 * maps.stress.restInFamily; // [1]: the line of the first two holds the others
 */
export async function familyMaps(options: FamilyMapsOptions): Promise<FamilyMaps> {
  const { divergences, models = divergences.models, members, groups, dimensions, onProgress, ...solver } = options;
  requireFamilies({ ...options, models });
  const everything = indices(models, () => true);
  const family = indices(models, (i) => members[i] === 1);
  const rest = indices(models, (i) => members[i] !== 1);
  const distinct = [...new Set(everything.map((i) => groups[i]))].sort((a, b) => a - b);
  const of = 4 + distinct.length;
  let done = 0;
  const next = (detail: string): void => {
    onProgress?.({ done: done++, of, detail });
    throwIfAborted('familyMaps', solver.signal);
  };
  const mapOf = (chosen: readonly number[]): Promise<InpcaMap> => {
    const own = { ...solver, tol: 1e-8, dimensions: Math.min(dimensions, chosen.length) };
    return inpca({ values: part(divergences, chosen, chosen), models: chosen.length }, own);
  };
  next('map of all models');
  const all = await mapOf(everything);
  next('map of the rest');
  const own = await mapOf(rest);
  next('map of the family');
  const ofFamily = await mapOf(family);
  next('embedding the others');
  const stress = {
    all: all.explainedStress,
    family: ofFamily.explainedStress,
    rest: own.explainedStress,
    allInFamily: stressWithin(divergences, ofFamily, family, everything),
    restInFamily: stressWithin(divergences, ofFamily, family, rest),
  };
  const perGroup: GroupStress[] = [];
  for (const group of distinct) {
    next(`group ${group} alone`);
    const [inside, outside] = [family, rest].map((list) => list.filter((i) => groups[i] === group));
    if (inside.length < 3 || outside.length < 3) continue;
    const inFamily = stressWithin(divergences, await mapOf(inside), inside, outside);
    perGroup.push({ group, inFamily, own: (await mapOf(outside)).explainedStress });
  }
  onProgress?.({ done: of, of, detail: '' });
  return { all: placed(divergences, all, everything), family: placed(divergences, ofFamily, family), stress, perGroup };
}

function requireFamilies(options: FamilyMapsOptions & { readonly models: number }): void {
  const { divergences, models, members, groups, dimensions } = options;
  const caller = 'familyMaps';
  requireDistances(caller, divergences);
  requireInteger(caller, 'models', models, 2, divergences.models);
  requireLength(caller, 'members', members, models);
  requireLength(caller, 'groups', groups, models);
  requireInteger(caller, 'dimensions', dimensions, 1);
  const inside = Array.from(members, Number).filter((member) => member === 1).length;
  requireInteger(caller, 'members.count', inside, 1, models - 1);
}

function stressWithin(
  divergences: SquaredDistances,
  map: InpcaMap,
  chosen: readonly number[],
  others: readonly number[],
): Float64Array {
  const cross = { values: part(divergences, others, chosen), others: others.length, models: chosen.length };
  return embeddedStress(map, embed(map, cross), { values: part(divergences, others, others), models: others.length });
}

function placed(divergences: SquaredDistances, map: InpcaMap, chosen: readonly number[]): PlacedModels {
  const every = indices(divergences.models, () => true);
  const cross = { values: part(divergences, every, chosen), others: every.length, models: chosen.length };
  return { dimensions: map.dimensions, eigenvalues: map.eigenvalues, coordinates: embed(map, cross).coordinates };
}

function indices(count: number, wanted: (i: number) => boolean): readonly number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => wanted(i));
}

/** (rows.length, columns.length) of the matrix. */
function part({ values, models }: SquaredDistances, rows: readonly number[], columns: readonly number[]): Float64Array {
  const out = new Float64Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) for (const column of columns) out[at++] = values[row * models + column]!;
  return out;
}
