import { expect, it } from 'vitest';
import { gatherBatch } from '../../src/networks/gatherBatch.js';
import { blobs } from './small.js';

it.each([Float32Array, Float64Array])(
  'batches hold the examples that their order names, each once: %o',
  (FloatArrays) => {
    const examples = blobs(7);
    const { features, count } = examples;
    const order = Int32Array.of(3, 0, 6, 2, 5, 1, 4);
    const batch = { inputs: new FloatArrays(2 * features), labels: new Int32Array(2) };
    for (let first = 0; first + 2 <= count; first += 2) {
      gatherBatch(examples, order, first, batch);
      const rows = Array.from(order.subarray(first, first + 2));
      expect(Array.from(batch.labels)).toEqual(rows.map((row) => examples.labels[row]));
      const expected = rows.flatMap((row) =>
        Array.from(examples.inputs.subarray(row * features, (row + 1) * features)),
      );
      expect(batch.inputs).toEqual(FloatArrays.from(expected));
    }
  },
);
