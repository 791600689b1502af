// Oracle: a network that was made for an order of its classes, by hand. Labels that are words do not say which of them is class 0.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mlp } from '@hyperribbon/nn';
import { onnxOf } from '@hyperribbon/onnx';
import { describe, expect, it } from 'vitest';
import { loadAny } from '../../src/input/dataSource.js';
import { betterOrder } from '../../src/input/models/otherOrders.js';
import { loadModel } from '../../src/input/modelSource.js';
import { inProcess } from '../inProcess.js';
import { scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const path = (name: string): string => join(folder, name);
const order = ['calm', 'warm', 'hot'];
// logits 4x: class 0, 1, 2 where the feature of that number is the largest
const network = mlp([3, 3], { activation: 'relu' });
const weights = Float32Array.of(4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0);
writeFileSync(path('net.onnx'), onnxOf(network, weights));
const rows = Array.from({ length: 60 }, (_, i) => {
  const c = i % 3;
  return [0, 1, 2].map((j) => (j === c ? 1 + (i % 5) / 5 : (i % 7) / 9)).join() + `,${order[c]}`;
});
writeFileSync(path('words.csv'), rows.join('\n'));

describe('labels that are words', () => {
  it('are classes in ascending order, and what suits the network better is found', async () => {
    const { model } = await loadModel(path('net.onnx'), undefined, 'float32');
    const found = await loadAny({ data: path('words.csv') });
    expect(found.classNames).toEqual(['calm', 'hot', 'warm']);
    const better = betterOrder(model, found.examples as never, found.classNames);
    expect(better).toMatchObject({
      error: 0,
      how: 'with classes in the order calm, warm, hot (--classes calm,warm,hot)',
    });
    const named = await loadAny({ data: path('words.csv'), classes: 'calm, warm,hot' });
    expect(named.classNames).toEqual(order);
    expect(betterOrder(model, named.examples as never, named.classNames)).toBeUndefined();
  });

  it('of an order that is no better, of more than six classes, or without names tell nothing', async () => {
    const { model } = await loadModel(path('net.onnx'), undefined, 'float32');
    const { examples } = await loadAny({ data: path('words.csv') });
    expect(betterOrder(model, examples as never, undefined)).toBeUndefined();
    expect(betterOrder(model, examples as never, [...'abcdefg'])).toBeUndefined();
    const flat = { ...model, params: new Float32Array(12) };
    expect(betterOrder(flat, examples as never, ['calm', 'hot', 'warm'])).toBeUndefined();
  });

  it('spectrum warns of the order, and takes the one that is named', async () => {
    const spectrum = (...more: string[]) =>
      inProcess([
        'spectrum',
        '--model',
        path('net.onnx'),
        '--data',
        path('words.csv'),
        '--top',
        '1',
        '--workers',
        '1',
        ...more,
      ]);
    const usual = await spectrum();
    expect(usual.stderr).toMatch(/warning: with classes in the order calm, warm, hot \(--classes calm,warm,hot\)/);
    const named = await spectrum('--classes', 'calm,warm,hot');
    expect(named.stderr).not.toContain('warning');
    expect(named.stdout).toMatch(/error 0\.00 %/);
  });

  it.each([
    ['calm,warm', /label "hot" is none of the classes "calm", "warm"/],
    ['calm,calm,hot', /--classes: "calm" comes twice/],
    ['calm', /--classes: names two classes at least/],
  ])('refuses %s', async (classes, message) => {
    await expect(loadAny({ data: path('words.csv'), classes })).rejects.toThrow(message);
    await expect(loadAny({ data: path('words.csv'), classes, target: '1' })).rejects.toThrow(
      /--classes: is of labels|comes twice|two classes/,
    );
  });

  it('that are numbers not from 0 on are named by their numbers', async () => {
    writeFileSync(
      path('numbers.csv'),
      rows.map((row, i) => row.replace(/[a-z]+$/, String([30, 10, 20][i % 3]))).join('\n'),
    );
    const named = await loadAny({ data: path('numbers.csv'), classes: '30,10,20' });
    expect([...(named.examples as { labels: Int32Array }).labels.subarray(0, 3)]).toEqual([0, 1, 2]);
  });
});
