// Oracle: tokens are the whole numbers of their file, in any type; what follows each of them is the sequence moved by one.
import { writeNpy, writeNpz } from '@hyperribbon/data';
import { isTargeted, type TargetExamples } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { loadAny, loadExamples, type DataOptions } from '../../src/input/dataSource.js';
import { networkFor } from '../../src/input/networkFor.js';
import { loadAnySplit } from '../../src/input/splitSource.js';
import { file, out } from '../cases/files.js';
import { inProcess } from '../inProcess.js';

const [count, length] = [30, 5];
const token = (i: number, t: number): number => (i * 7 + t * t) % 11;
const values = Array.from({ length: count * length }, (_, k) => token(Math.floor(k / length), k % length));
const tokens = { shape: [count, length], data: Int32Array.from(values) };
const next = { shape: [count, length], data: Int32Array.from(values, (value) => (value + 1) % 11) };
const classes = { shape: [count], data: Int32Array.from({ length: count }, (_, i) => i % 3) };
const load = (name: string, content: Uint8Array, options: DataOptions = {}) =>
  loadAny({ data: file(`tokens-${name}`, content), ...options });

describe('tokens', () => {
  it.each<[string, Parameters<typeof writeNpz>[0]]>([
    ['called tokens', { tokens, labels: next }],
    ['called input_ids', { input_ids: tokens, labels: next }],
    ['of 64 bits', { x: { shape: tokens.shape, data: BigInt64Array.from(values, BigInt) }, y: next }],
    ['of 16 bits', { inputs: { shape: tokens.shape, data: Int16Array.from(values) }, targets: next }],
    ['in bytes, by their name', { tokens: { shape: tokens.shape, data: Uint8Array.from(values) }, labels: next }],
    [
      'in floats, by their name',
      { train_tokens: { shape: tokens.shape, data: Float32Array.from(values) }, y_train: next },
    ],
  ])('%s, with a token to say at every place', async (name, arrays) => {
    const { examples, loss, task, notes } = await load(`${name.replaceAll(/\W/g, '-')}.npz`, writeNpz(arrays));
    expect([[...examples.inputs], loss]).toEqual([values, { kind: 'token-cross-entropy', positions: length }]);
    expect(isTargeted(examples) && [...examples.targets]).toEqual([...next.data]);
    expect(task).toBe('a token at each of 5 positions');
    expect(notes).toContain('inputs are sequences of 5 tokens, the largest of which is 10');
  });

  it('alone are followed by the tokens that follow them', async () => {
    const { examples, loss, notes } = await load('alone.npz', writeNpz({ tokens }));
    const { inputs, targets, features } = examples as TargetExamples;
    expect([features, loss]).toEqual([length - 1, { kind: 'token-cross-entropy', positions: length - 1 }]);
    for (let i = 0; i < count; i++)
      for (let t = 0; t < length - 1; t++)
        expect([inputs[i * 4 + t], targets[i * 4 + t]]).toEqual([token(i, t), token(i, t + 1)]);
    expect(notes.join()).toMatch(/inputs are tokens, tokens, labels the tokens that follow/);
  });

  it('with one label each are classified, without scaling', async () => {
    const { examples, loss } = await load('classes.npz', writeNpz({ tokens, labels: classes }));
    expect([isTargeted(examples), loss.kind, [...examples.inputs]]).toEqual([false, 'softmax-cross-entropy', values]);
  });

  it('are what somebody says, in npy files too, and bytes are pixels where nobody does', async () => {
    const bytes = writeNpy({ shape: tokens.shape, data: Uint8Array.from(values) });
    const labels = file('tokens-labels.npy', writeNpy(classes));
    expect([...(await load('said.npy', bytes, { labels, tokens: true })).examples.inputs]).toEqual(values);
    expect((await load('said.npy', bytes, { labels })).examples.inputs[0]).toBe(0);
    expect((await load('said.npy', bytes, { labels })).examples.inputs[1]).toBe(Math.fround(1 / 255));
  });

  it('are what a network with a vocabulary takes', async () => {
    const data = file(
      'tokens-vocabulary.npz',
      writeNpz({ x: { shape: tokens.shape, data: Uint8Array.from(values) }, y: next }),
    );
    const net = networkFor('gpt:4,1,1', (await loadAny({ data, tokens: true })).examples, {
      kind: 'token-cross-entropy',
      positions: length,
    });
    expect([net.vocabulary, net.inputs, net.classes]).toEqual([11, length, 55]);
    expect([...(await loadExamples({ data }, net)).examples.inputs]).toEqual(values);
  });

  it.each<[string, Parameters<typeof writeNpz>[0], RegExp]>([
    [
      'fractions',
      { tokens: { shape: [2, 2], data: Float32Array.of(0, 1, 2.5, 3) }, y: classes },
      /have shape|tokens are whole numbers/,
    ],
    [
      'numbers below zero',
      { tokens: { shape: [2, 3], data: Int32Array.of(0, -1, 2, 3, 4, 5) } },
      /^--tokens: tokens are whole numbers from 0 to 2\^24 − 1, got -1 in example 0, place 1/,
    ],
    [
      'too large',
      { tokens: { shape: [2, 3], data: Int32Array.of(0, 2 ** 24, 2, 3, 4, 5) } },
      /got 16777216 in example 0/,
    ],
    [
      'one of a sequence, without labels',
      { tokens: { shape: [2, 2], data: Int32Array.of(0, 1, 2, 3) } },
      /tokens holds sequences without labels, .*length ≥ 3, got \(2, 2\)/,
    ],
  ])('%s are refused', async (name, arrays, message) => {
    await expect(load(`bad-${name.replaceAll(/\W/g, '-')}.npz`, writeNpz(arrays))).rejects.toThrow(message);
  });

  it('are split with what is said at each place, and trained on', async () => {
    const data = file('tokens-train.npz', writeNpz({ tokens, labels: next }));
    const split = await loadAnySplit({ data }, 1, { rowsByDefault: 'independent' });
    const train = split.train as TargetExamples;
    for (let k = 0; k < train.targets.length; k++) expect(train.targets[k]).toBe((train.inputs[k] + 1) % 11);
    const { code, stderr } = await inProcess([
      'train',
      '--data',
      data,
      '--repeated-rows',
      'independent',
      '--architecture',
      'gpt:8,1,2',
      '--epochs',
      '30',
      '--batch-size',
      '25',
      '--learning-rate',
      '0.05',
      '--out',
      out('tokens.npz'),
    ]);
    // the token one above is learnt by heart from 11 pairs
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/✔ training gpt:8,1,2:11:5 .*error 0\.00 % on training, 0\.00 % on test/),
    ]);
  });

  it('beyond the vocabulary of an architecture are refused', async () => {
    const data = file('tokens-beyond.npz', writeNpz({ tokens, labels: next }));
    const { code, stderr } = await inProcess([
      'train',
      '--data',
      data,
      '--repeated-rows',
      'independent',
      '--architecture',
      'gpt:8,1,2:9:5',
      '--out',
      out('no.npz'),
    ]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/--architecture: gpt:8,1,2:9:5 takes 5 tokens of 9 .*the largest of which is 10/),
    ]);
  });
});
