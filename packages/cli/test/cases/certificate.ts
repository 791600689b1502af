import { dataSplit, issueCertificate } from '@hyperribbon/pac-bayes';
import { file } from './files.js';

/** A small certificate that holds, about data that nobody has. */
export const certificate = file(
  'small-certificate.json',
  JSON.stringify(
    issueCertificate({
      theorem: 'maurer',
      delta: 0.025,
      loss: { kind: 'zero-one', description: '0-1 error' },
      risk: { kind: 'drawn', scheme: 'per-example', passes: 100, errors: 30, delta: 0.01, seed: 1, purpose: 'certify' },
      divergence: { family: 'gaussian-diagonal', dimension: 8, covariance: 1, displacement: 2 },
      prior: { mean: { description: 'random initialisation', saw: [] }, scales: [] },
      posterior: { description: 'made up', saw: ['bound'], weights: [] },
      data: {
        bound: 'bound',
        splits: [
          dataSplit({
            name: 'bound',
            dataset: 'made up',
            digest: `sha256:${'0'.repeat(64)}`,
            indices: { kind: 'ranges', ranges: [[0, 30]] },
          }),
        ],
      },
    }),
  ),
);
