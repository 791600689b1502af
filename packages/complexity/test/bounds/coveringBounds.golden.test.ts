import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type NetworkNorms,
  type NormBound,
  type SampleNorms,
  authorCodeLogs,
  bartlettBound,
  percentile,
  ledentBound,
  logVcComplexity,
  sparseBound,
  vcBound,
  vcDimension,
} from '../../src/index.js';

interface Case {
  readonly name: string;
  readonly gamma: number;
  readonly delta: number;
  readonly network: NetworkNorms;
  readonly sample: SampleNorms;
  readonly values: Record<string, Record<string, number>> & {
    readonly ramp: number;
    readonly marginError: number;
    readonly percentile: number;
  };
}

// depth, widths, classes, positions, γ and the norm of the inputs all differ, as they do not in G0: see make_coveringBounds.py
const { cases } = JSON.parse(readFileSync(new URL('../golden/coveringBounds.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

const relative = (found: number, wanted: number): number => Math.abs(found / wanted - 1);

describe.each(cases)('$name against numpy', ({ gamma, delta, network, sample, values }) => {
  const options = { margin: gamma, delta };
  const holds = (bound: NormBound, gap: number, complexity?: number): void => {
    expect(relative(Math.exp(bound.logGap), gap)).toBeLessThan(1e-9);
    if (complexity !== undefined) expect(relative(Math.exp(bound.logComplexity!), complexity)).toBeLessThan(1e-9);
    expect(relative(bound.value, bound.empirical + gap)).toBeLessThan(1e-9);
    expect(bound.vacuous).toBe(!(bound.value < 1));
  };

  it('takes the empirical terms from the margins', () => {
    expect(bartlettBound(network, sample, options).empirical).toBeCloseTo(values.ramp, 14);
    expect(bartlettBound(network, sample, { ...options, form: 'rate' }).empirical).toBeCloseTo(values.marginError, 14);
    expect(percentile(sample.margins, 5)).toBeCloseTo(values.percentile, 14);
  });
  it.each(['zero', 'given'] as const)('bounds by spectral complexity, reference %s', (reference) => {
    for (const convention of ['unrolled', 'filters'] as const) {
      const wanted = values[`bartlett-${reference}-${convention}`]!;
      for (const form of ['explicit', 'graf', 'rate'] as const)
        holds(
          bartlettBound(network, sample, { ...options, form, reference, convention }),
          wanted[form]!,
          wanted.complexity,
        );
    }
  });
  it.each(['theorem-11', 'fixed-lipschitz'] as const)('bounds by patches and filters, %s', (variant) => {
    for (const reference of ['zero', 'given'] as const) {
      const wanted = values[`ledent-${variant}-${reference}`]!;
      holds(ledentBound(network, sample, { ...options, variant, reference }), wanted.gap!, wanted.complexity);
    }
  });
  it('bounds by sparse layers', () => {
    holds(sparseBound(network, sample, options), values.sparse!.gap!, values.sparse!.complexity);
  });
  it('counts parameters', () => {
    const { dimension, at, gap } = values.vc as { dimension: number; at: number; gap: number };
    expect(
      relative(vcDimension({ parameters: network.parameters, layers: network.layers.length }), dimension),
    ).toBeLessThan(1e-9);
    expect(
      relative(Math.exp(logVcComplexity(dimension, at)) + Math.sqrt(Math.log(1 / delta) / (2 * at)), gap),
    ).toBeLessThan(1e-9);
    holds(vcBound(network, { ...sample, count: at }, { delta }), gap);
  });
  it("orders by the authors' code", () => {
    const logs = authorCodeLogs(network, sample, gamma);
    expect(Object.keys(logs).sort()).toEqual(Object.keys(values.code!).sort());
    for (const [name, log] of Object.entries(logs))
      expect(relative(Math.exp(log), values.code![name]!)).toBeLessThan(1e-9);
  });
});

it('tells values apart that are off by 1e-8', () => {
  const { network, sample, gamma, delta, values } = cases[0]!;
  const bound = bartlettBound(network, sample, { margin: gamma, delta });
  expect(relative(Math.exp(bound.logGap), values['bartlett-zero-unrolled']!.explicit! * (1 + 1e-8))).toBeGreaterThan(
    1e-9,
  );
});
