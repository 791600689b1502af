// Oracle: a list of ways to forge a certificate, each carried through as far as somebody can who knows how: digests made anew, seeds and all numbers that
// follow from the forged ones. Each was verified once. The random ones after it are those of tamper/tamper.mjs, which tries more.
import { readFileSync } from 'node:fs';
import type { Certificate } from '@hyperribbon/pac-bayes';
import { dataSplit, verifyCertificate, type ReasonCode } from '@hyperribbon/pac-bayes';
import { beforeAll, describe, expect, it } from 'vitest';
import { redigested, reissued, renamed, type Draft } from './tamper/edits.mjs';
import { dataset, examinerOf, honestCertificates, type Arrays } from './tamper/honest.mjs';
import { tamper } from './tamper/tampering.mjs';

let honest: Awaited<ReturnType<typeof honestCertificates>>;
beforeAll(async () => {
  honest = await honestCertificates();
  expect(Object.keys(honest)).toEqual(kinds);
});

const kinds = [
  'isotropic',
  'langford-seeger',
  'layered',
  'method2',
  'method3',
  'method4',
  'learnt',
  'random labels',
  'one example a network',
  'draws × examples',
  'method4 along directions',
  'analytic',
];

const verify = (certificate: Certificate, arrays: Arrays, seed?: number) =>
  verifyCertificate(JSON.stringify(certificate), {
    examine: examinerOf(arrays),
    ...(seed === undefined ? {} : { seed }),
  });

describe('an honest certificate', () => {
  it.each(kinds)('of the kind %s is verified, by draws that differ each time', async (kind) => {
    const { certificate, arrays } = honest[kind];
    const [one, other] = [await verify(certificate, arrays), await verify(certificate, arrays)];
    for (const { verdict, reasons, unchecked } of [one, other]) {
      expect(reasons).toEqual([]);
      expect(unchecked).toEqual([]);
      expect(verdict).toBe('verified');
    }
    expect(one.remeasured!.seed).not.toBe(other.remeasured!.seed);
    const again = await verify(certificate, arrays, one.remeasured!.seed);
    expect(again.remeasured).toEqual(one.remeasured);
    expect(one.remeasured!.bound).toBeLessThanOrEqual(1);
    expect(one.remeasured!.bound).toBeGreaterThan(one.remeasured!.mean);
  });
});

describe('a certificate that was kept', () => {
  interface Kept {
    readonly certificate: Certificate;
    readonly arrays: Record<string, { readonly dtype: 'float32' | 'float64'; readonly base64: string }>;
  }
  const file = new URL('./golden/certificates.json', import.meta.url);
  const { kinds: kept } = JSON.parse(readFileSync(file, 'utf8')) as { kinds: Record<string, Kept> };

  it.each(Object.keys(kept))('of the kind %s still verifies, to the bit', async (kind) => {
    const { certificate, arrays: written } = kept[kind];
    const arrays: Arrays = {};
    for (const [name, { dtype, base64 }] of Object.entries(written)) {
      const { buffer } = Uint8Array.from(Buffer.from(base64, 'base64'));
      arrays[name] = dtype === 'float64' ? new Float64Array(buffer) : new Float32Array(buffer);
    }
    const { verdict, reasons } = await verify(certificate, arrays);
    expect(reasons).toEqual([]);
    expect(verdict).toBe('verified');
  });
});

interface Forgery {
  readonly of: string;
  readonly edit: (draft: Draft, arrays: Arrays) => void;
  /** carried through by the code that issues certificates; else digests alone are made anew */
  readonly carried?: boolean;
  readonly codes: readonly ReasonCode[];
}

const noDivergence = (draft: Draft): void => {
  draft.divergence.parts = draft.divergence.parts.map((part: object) => ({ ...part, covariance: 0, displacement: 0 }));
};
const priorIsPosterior = (draft: Draft, arrays: Arrays): void => {
  arrays['prior.mean'] = arrays['posterior.mean'].slice();
  arrays['prior.std'] = arrays['posterior.std'].slice();
  noDivergence(draft);
};
const fewer = (draft: Draft): void => {
  draft.risk.errors = Math.floor(0.8 * draft.risk.errors);
};

const forgeries: Record<string, Forgery> = {
  'the prior is the posterior, at no divergence, and still called a random initialisation': {
    of: 'isotropic',
    edit: priorIsPosterior,
    carried: true,
    codes: ['prior-differs'],
  },
  'the same where the prior is said to be learnt': {
    of: 'learnt',
    edit: priorIsPosterior,
    carried: true,
    codes: ['prior-differs'],
  },
  'the same with directions': {
    of: 'one example a network',
    edit: priorIsPosterior,
    carried: true,
    codes: ['prior-differs'],
  },
  'the arrays of the prior are left out of the file': {
    of: 'isotropic',
    edit(draft, arrays) {
      delete arrays['prior.mean'];
      delete arrays['prior.std'];
      noDivergence(draft);
    },
    carried: true,
    codes: ['weights-differ'],
  },
  'no divergence, for the arrays as they are': {
    of: 'method4',
    edit: noDivergence,
    carried: true,
    codes: ['divergence-differs'],
  },
  'four fifths of the errors': { of: 'isotropic', edit: fewer, carried: true, codes: ['draws-differ'] },
  'four fifths of the errors of whole networks': {
    of: 'draws × examples',
    edit: fewer,
    carried: true,
    codes: ['draws-differ'],
  },
  'no errors at all': {
    of: 'analytic',
    edit: (draft) => void (draft.risk.errors = 0),
    carried: true,
    codes: ['draws-differ'],
  },
  'ten times the examples with the digest of the old ones': {
    of: 'isotropic',
    edit(draft) {
      draft.data.splits[0] = dataSplit({
        ...draft.data.splits[0],
        indices: {
          kind: 'ranges',
          ranges: [
            [0, 40],
            [60, 420],
          ],
        },
      });
      draft.risk.trials *= 10;
      draft.risk.errors *= 10;
    },
    carried: true,
    codes: ['rows-differ'],
  },
  'a purpose that was picked': {
    of: 'isotropic',
    edit: (draft) => void (draft.risk.purpose = 'posterior/certify'),
    codes: ['draw-seed'],
  },
  'a seed that was picked': { of: 'isotropic', edit: (draft) => void draft.risk.seed++, codes: ['draw-seed'] },
  'another size of batches, which names other draws': {
    of: 'isotropic',
    edit: (draft) => void (draft.risk.draws.batchSize = 7),
    carried: true,
    codes: ['draws-differ'],
  },
  'a false digest of the held-out examples': {
    of: 'method4',
    edit: (draft) => void (draft.data.splits[1].digest = `sha256:${'0'.repeat(64)}`),
    carried: true,
    codes: ['data-differs'],
  },
  'other rows for the prior': {
    of: 'learnt',
    edit: (draft) =>
      void (draft.data.splits[1] = dataSplit({
        ...draft.data.splits[1],
        indices: { kind: 'ranges', ranges: [[41, 60]] },
      })),
    carried: true,
    codes: ['data-differs'],
  },
  'a learnt prior called a random one': {
    of: 'learnt',
    edit(draft) {
      const origin = { kind: 'init', seed: 3, dtype: 'float32' };
      draft.prior.mean = { origin, description: 'random initialisation of seed 3 in float32', saw: [] };
    },
    carried: true,
    codes: ['prior-differs'],
  },
  'a learnt prior that was trained longer': {
    of: 'learnt',
    edit(draft) {
      draft.prior.mean.origin.epochs = 3;
      draft.prior.mean.description = draft.prior.mean.description.replace('trained 2', 'trained 3');
    },
    carried: true,
    codes: ['prior-differs'],
  },
  'scales dropped': {
    of: 'isotropic',
    edit: (draft) => void (draft.prior.scales = []),
    carried: true,
    codes: ['scale-unknown'],
  },
  'Method 4 without its basis, split and scales': {
    of: 'method4',
    edit(draft) {
      draft.prior.basis = null;
      draft.prior.scales = [];
      draft.data.splits.pop();
      draft.data.chance = null;
    },
    carried: true,
    codes: ['prior-differs'],
  },
  'Method 4 with the prior of a basis that nobody can make': {
    of: 'method4',
    edit: (draft) => void (draft.prior.basis.origin.inputs = 19),
    codes: ['origin'],
  },
  'whole networks recounted as single trials': {
    of: 'draws × examples',
    edit(draft) {
      draft.risk.passes = draft.risk.trials;
      draft.risk.units = draft.risk.trials;
      draft.risk.draws.batchSize = 1;
      draft.risk.method = 'binomial';
    },
    carried: true,
    codes: ['draws-differ'],
  },
  'a grid moved so that the scale is its first member': {
    of: 'isotropic',
    edit(draft) {
      const [scale] = draft.prior.scales;
      draft.prior.scales = [{ ...scale, index: 1, c: scale.value * Math.exp(1 / scale.b) }];
    },
    carried: true,
    codes: ['scale-unknown'],
  },
  'a scale on a grid called fixed before the data were seen': {
    of: 'isotropic',
    edit(draft) {
      const [{ name, value }] = draft.prior.scales;
      draft.prior.scales = [{ kind: 'fixed', name, value, saw: [] }];
    },
    carried: true,
    codes: ['scale-unknown'],
  },
  'a scale from a list of one': {
    of: 'isotropic',
    edit(draft) {
      const [{ name, value }] = draft.prior.scales;
      draft.prior.scales = [{ kind: 'listed', name, value, members: [value] }];
    },
    carried: true,
    codes: ['scale-unknown'],
  },
  'guessing said to be always wrong': {
    of: 'isotropic',
    edit: (draft) => void (draft.claim.chance = 1),
    carried: true,
    codes: ['chance-differs'],
  },
  'guessing taken from labels of nobody': {
    of: 'isotropic',
    edit(draft) {
      draft.data.chance = 'held-out';
      draft.claim.chance = 0.9;
    },
    carried: true,
    codes: ['chance-differs'],
  },
  'another loss': {
    of: 'isotropic',
    edit: (draft) => void (draft.risk.loss.description = 'a tenth of the 0-1 error'),
    carried: true,
    codes: ['loss-unknown'],
  },
  'eigenvalues of a flatter Hessian than the posterior has': {
    of: 'analytic',
    edit: (draft) => void (draft.divergence.analytic.eigenvalues[0] *= 0.9),
    codes: ['divergence-differs'],
  },
  'the labels of the data for those of a control': {
    of: 'random labels',
    edit: (draft) => void (draft.data.labels = null),
    carried: true,
    codes: ['data-differs'],
  },
};

describe('a forged certificate', () => {
  it.each(Object.keys(forgeries))('is refused: %s', async (name) => {
    const { of, edit, carried = false, codes } = forgeries[name];
    const draft = structuredClone(honest[of].certificate) as Draft;
    const arrays = { ...honest[of].arrays };
    edit(draft, arrays);
    // a seed that follows from the posterior would not be the forger's
    const changed = codes[0] === 'draw-seed' ? redigested(draft) : renamed(draft, arrays);
    const forged = carried ? reissued(changed) : changed;
    const { verdict, reasons } = await verify(forged, arrays);
    expect(verdict).toBe('refused');
    for (const code of codes) expect(reasons.map((reason) => reason.code)).toContain(code);
  });

  it.each([['measuredBy'], ['architecture']])(
    'without its %s is no certificate, and with none it is incomplete',
    async (key) => {
      const { certificate, arrays } = honest.isotropic;
      const left = structuredClone(certificate) as Draft;
      left.risk.errors = 0;
      const none = structuredClone(left);
      none.posterior[key] = null;
      delete left.posterior[key];
      await expect(verify(redigested(left), arrays)).rejects.toThrow(/must be there, if only as null/);
      const { verdict, unchecked } = await verify(
        reissued(key === 'measuredBy' ? { ...none, risk: { ...none.risk, draws: null } } : none),
        arrays,
      );
      expect(verdict).toBe('incomplete');
      expect(unchecked.join()).toMatch(/the recorded draws, made again.*the empirical risk by fresh draws/);
    },
  );

  it('is found out by data that are not those, and by rows of them that are not those', async () => {
    const { certificate, arrays } = honest.isotropic;
    const other = { ...dataset, labels: dataset.labels.map((label) => (label + 1) % 3) };
    const found = await verifyCertificate(certificate, { examine: examinerOf(arrays, other) });
    expect(found.reasons.map(({ code }) => code)).toEqual(['data-differs', 'data-differs']);
  });
});

describe('tampering at random', () => {
  it.each(kinds)(
    'with a certificate of the kind %s leaves nothing verified but notes and other true statements',
    async (kind) => {
      const { tried, survivors } = await tamper({ each: 30, seed: 1, certificates: { [kind]: honest[kind] } });
      expect(tried).toBeGreaterThan(15);
      expect(survivors.filter(({ why }) => why === 'NOT JUSTIFIED')).toEqual([]);
    },
  );
});
