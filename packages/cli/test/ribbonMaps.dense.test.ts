// Oracle: dense linear algebra on small sets of models, independent of jobs, blocks and workers.
import { expect, test } from 'vitest';
import { exp } from '@hyperribbon/kernels';
import {
  assembleDivergences,
  bhattacharyyaDivergences,
  divergenceRows,
  embed,
  embeddedStress,
  inpca,
} from '@hyperribbon/linear-dynamics';
import { stream } from '@hyperribbon/random';
import { runDivergenceRows } from '../src/jobs/divergenceRows.js';
import { runInpcaMaps } from '../src/jobs/inpcaMaps.js';

const context = { signal: new AbortController().signal, report: (): void => {} };
const [models, samples, classes] = [40, 9, 3];
const rows = models + 2;

/** Random softmax models; the last two rows are ignorance and the truth. */
function cloud(): Float32Array {
  const z = new Float64Array(models * samples * classes);
  stream({ seed: 1, purpose: 'models', index: 0 }).normal(z);
  const p = new Float32Array(rows * samples * classes).fill(1 / classes);
  for (let i = 0; i < z.length; i += classes) {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += exp(z[i + c]);
    for (let c = 0; c < classes; c++) p[i + c] = exp(z[i + c]) / sum;
  }
  for (let n = 0; n < samples; n++) {
    const at = ((models + 1) * samples + n) * classes;
    p.fill(0, at, at + classes);
    p[at + (n % classes)] = 1;
  }
  return p;
}

const probabilities = cloud();
const set = { probabilities, models: rows, samples, classes };
const whole = bhattacharyyaDivergences(set, { deterministic: true });
const linear = Uint8Array.from({ length: models }, (_, i) => (i < 22 ? 1 : 0));
const seeds = Int32Array.from({ length: models }, (_, i) => i % 2);

test('divergences in blocks are the divergences of the whole', async () => {
  const blocks = await Promise.all(
    divergenceRows(rows, 3).map((range) => runDivergenceRows({ ...set, rows: range, deterministic: true }, context)),
  );
  expect(assembleDivergences(blocks).values).toEqual(whole.values);
});

test('maps, embeddings and stresses are those of the models chosen', async () => {
  const result = await runInpcaMaps(
    {
      divergences: Float64Array.from(whole.values),
      rows,
      models,
      probabilities,
      samples,
      classes,
      linear,
      seeds,
      dimensions: 5,
      seed: 0,
      deterministic: true,
    },
    context,
  );
  const part = (of: readonly number[], by: readonly number[]): Float64Array =>
    Float64Array.from(of.flatMap((i) => by.map((j) => whole.values[i * rows + j])));
  const all = Array.from({ length: models }, (_, i) => i);
  const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
    expect(a.length).toBe(b.length);
    for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(1e-10);
  };
  const direct = async (chosen: readonly number[], others: readonly number[]): Promise<Float64Array> => {
    const map = await inpca({ values: part(chosen, chosen), models: chosen.length }, { dimensions: 5 });
    const placed = embed(map, { values: part(others, chosen), others: others.length, models: chosen.length });
    return embeddedStress(map, placed, { values: part(others, others), models: others.length });
  };
  const [lin, non] = [all.filter((i) => linear[i] === 1), all.filter((i) => linear[i] === 0)];
  close(result.stress.all, (await inpca({ values: part(all, all), models }, { dimensions: 5 })).explainedStress);
  close(result.stress.restInFamily, await direct(lin, non));
  close(result.stress.allInFamily, await direct(lin, all));
  expect(result.perGroup.map(({ group }) => group)).toEqual([0, 1]);
  close(
    result.perGroup[1].inFamily,
    await direct(
      lin.filter((i) => seeds[i] === 1),
      non.filter((i) => seeds[i] === 1),
    ),
  );
  // the map's own models are embedded where they are
  close(await direct(lin, lin), result.stress.family);
  // negative control: another family is another stress
  expect(Math.abs(result.stress.rest[0] - result.stress.family[0])).toBeGreaterThan(1e-6);
  expect(result.progress.length).toBe(models);
  expect(result.progress.every((s) => s >= 0 && s <= 1)).toBe(true);
  expect(result.all.coordinates.length).toBe(5 * rows);
});
