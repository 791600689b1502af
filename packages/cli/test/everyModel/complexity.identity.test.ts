// Oracle: what must hold of every network. Norms, bounds and measures have values or sentences; a network outside the class of the theorems says so in
// every bound; margins are those of its outputs.
import {
  allBounds,
  allMeasures,
  layerRanks,
  networkCollapse,
  networkNorms,
  sampleNorms,
} from '@hyperribbon/complexity';
import { isArgumentError } from '@hyperribbon/contract';
import { type Examples, isTargeted, logits } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { models } from './models.js';

/** A value, or the sentence of a refusal. */
async function orSentence<T>(call: () => T | Promise<T>): Promise<T | string> {
  try {
    return await call();
  } catch (error) {
    if (!isArgumentError(error)) throw error;
    return (error as Error).message;
  }
}

describe.each(models)('$name', ({ network, params, examples }) => {
  it('has norms of its layers, or says why not', async () => {
    const norms = await orSentence(() => networkNorms(network, params));
    if (typeof norms === 'string') return expect(norms).toMatch(/^networkNorms: /);
    expect(norms.layers.length).toBeGreaterThan(0);
    for (const { filters, map, lipschitz } of norms.layers) {
      expect(filters.spectral).toBeLessThanOrEqual(filters.frobenius * (1 + 1e-12));
      expect(map.spectral).toBeLessThanOrEqual(map.frobenius * (1 + 1e-12));
      expect(map.spectral).toBeGreaterThanOrEqual(
        filters.spectral * (1 - 1e-12) * (map.spectralIs === 'upper' ? 0 : 1),
      );
      if (Number.isNaN(lipschitz)) expect(norms.outside).not.toEqual([]);
    }
    expect(layerRanks(network, params).length).toBeGreaterThan(0);
  });

  it('has bounds and measures where answers are classes, each with a value or a sentence', async () => {
    if (isTargeted(examples)) {
      const refused = await orSentence(() => sampleNorms(network, params, examples as unknown as Examples));
      return expect(refused).toMatch(/^sampleNorms: /);
    }
    const norms = await orSentence(() => networkNorms(network, params));
    const sample = await orSentence(() => sampleNorms(network, params, examples));
    if (typeof norms === 'string' || typeof sample === 'string') return;
    const z = logits(network, params, examples, { dtype: 'float64' });
    const { classes } = network;
    sample.margins.forEach((margin, i) => {
      const row = Array.from(z.subarray(i * classes, (i + 1) * classes));
      const own = row[examples.labels[i]];
      const other = Math.max(...row.filter((_, c) => c !== examples.labels[i]));
      expect(Math.abs(margin - (own - other))).toBeLessThan(1e-9 * Math.max(1, Math.abs(own)));
    });
    const { bounds } = allBounds(norms, sample);
    for (const { value, vacuous, caveats, terms, name } of bounds) {
      expect(vacuous, name).toBe(!(value < 1));
      expect(terms.length, name).toBeGreaterThan(0);
      for (const sentence of norms.outside) {
        // a count of parameters counts biases, too
        if (name === 'harvey-2017-vc' && sentence.includes('biases are left out')) continue;
        expect(caveats, name).toContain(sentence);
      }
    }
    const measures = await allMeasures(network, params, examples, { searches: false, reference: params });
    for (const { name, logValue, undefinedBecause } of measures)
      expect(Number.isNaN(logValue), name).toBe(undefinedBecause !== undefined);
    const collapse = await orSentence(() => networkCollapse(network, params, examples));
    if (typeof collapse === 'string') expect(collapse).toMatch(/^networkCollapse: /);
  });
});
