// Oracle: the definition of neighbouring data sets, row by row; the loss that evaluate gives at the end of shorter runs.
import { neighbourSets, recordTestLoss } from '@hyperribbon/complexity';
import { constantSchedule, type Examples, evaluate, sgd, train } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';

const count = 12;
const examples: Examples = {
  inputs: Float32Array.from({ length: 3 * count }, (_, k) => k),
  labels: Int32Array.from({ length: count }, (_, i) => (i * i) % 4),
  count,
  features: 3,
  shape: [3],
  weights: Float64Array.from({ length: count }, (_, i) => 1 + i),
  classes: 4,
};
/** Which example each row is, by its first input. */
const rowsOf = ({ inputs, features }: Examples): number[] =>
  Array.from({ length: inputs.length / features }, (_, i) => inputs[i * features] / features);

describe('neighbouring data sets', () => {
  const { sets, place, replacements } = neighbourSets(examples, 4, 3);

  it('differ, any two of them, in one example at one place', () => {
    expect(sets).toHaveLength(4);
    const rows = sets.map(rowsOf);
    for (const [a, one] of rows.entries())
      for (const two of rows.slice(a + 1))
        expect(one.flatMap((row, i) => (row === two[i] ? [] : [i]))).toEqual([place]);
    expect(rows.map((row) => row[place])).toEqual([...replacements]);
    expect(new Set([...rows[0], ...replacements]).size).toBe(count);
    expect(sets.every((set) => set.count === count - 3)).toBe(true);
  });

  it('keep labels, weights and shapes with their inputs, and copy', () => {
    for (const set of sets)
      rowsOf(set).forEach((row, i) => {
        expect([...set.inputs.subarray(3 * i, 3 * i + 3)]).toEqual([3 * row, 3 * row + 1, 3 * row + 2]);
        expect(set.labels[i]).toBe(examples.labels[row]);
        expect(set.weights?.[i]).toBe(1 + row);
      });
    expect(sets[0].shape).toEqual([3]);
    sets[0].inputs.fill(-1);
    expect(examples.inputs[0]).toBe(0);
  });

  it('depend on the seed, and are refused where there are too few examples', () => {
    expect(neighbourSets(examples, 4, 3).replacements).toEqual(replacements);
    expect(neighbourSets(examples, 4, 4).replacements).not.toEqual(replacements);
    expect(() => neighbourSets(examples, 1, 0)).toThrow(/sets/);
    expect(() => neighbourSets(examples, 12, 0)).toThrow(/more than sets=12, got 12/);
    expect(neighbourSets(examples, 11, 0).sets[0].count).toBe(2);
  });
});

describe('the recorder', () => {
  const network = stack({
    input: [3],
    layers: [{ kind: 'linear', out: 5 }, { kind: 'batchNorm' }, { kind: 'relu' }, { kind: 'linear', out: 4 }],
  });
  const { weights: _, ...plain } = examples;
  const training = { ...plain, inputs: plain.inputs.map((x) => x / 36) };
  const held = { ...training, inputs: training.inputs.map((x) => 1 - x) };
  const settings = {
    batchSize: 6,
    optimizer: sgd(),
    schedule: constantSchedule(0.1),
    seed: 2,
    deterministic: true,
    dtype: 'float64',
  } as const;

  it('logs after every epoch what evaluate gives of the network then, running statistics included', async () => {
    const log = recordTestLoss(held);
    await train(network, training, { ...settings, epochs: 4, hooks: [log] });
    expect(log.epochs).toEqual([1, 2, 3, 4]);
    for (const epochs of [1, 3]) {
      const { params, network: trained } = await train(network, training, { ...settings, epochs });
      const { loss, error } = await evaluate(trained, params, held, { dtype: 'float64', deterministic: true });
      expect(log.losses[epochs - 1]).toBe(loss);
      expect(log.errors[epochs - 1]).toBe(error);
    }
    expect(new Set(log.losses).size).toBe(4);
  });

  it('goes on in a run that resumes, and logs every second epoch where it is told to', async () => {
    const [log, second] = [recordTestLoss(held), recordTestLoss(held, { every: 2 })];
    const { checkpoint } = await train(network, training, { ...settings, epochs: 2, hooks: [log, second] });
    await train(network, training, { ...settings, epochs: 5, resume: checkpoint, hooks: [log, second] });
    expect(log.epochs).toEqual([1, 2, 3, 4, 5]);
    expect(second.epochs).toEqual([2, 4]);
    expect(second.losses).toEqual([log.losses[1], log.losses[3]]);
    expect(() => recordTestLoss(held, { every: 0 })).toThrow(/every/);
  });
});
