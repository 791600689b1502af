import { evaluate, unflatten, type Examples, type Network } from '@hyperribbon/nn';
import { architectureOf } from '@hyperribbon/nn/models';
import {
  dataSplit,
  issueTestSetCertificate,
  mistakesOfOneNetwork,
  weightsDigest,
  type Chance,
  type DataSplit,
  type RandomLabels,
  type SplitIndices,
  type TestSetCertificate,
} from '@hyperribbon/pac-bayes';
import type { FloatArray } from '@hyperribbon/kernels';
import { examplesIdentity, writeNpz } from '@hyperribbon/data';
import type { TestSetRow } from '@hyperribbon/report';

/** One network that was trained, and what it was trained with. */
export interface FixedNetwork {
  readonly network: Network;
  readonly weights: FloatArray;
  /** 'mean of the posterior' */
  readonly title: string;
  /** how it came to be, for the certificate */
  readonly description: string;
  /** splits that it depends on */
  readonly saw: readonly string[];
  /** names of the files that it and its certificate are written to */
  readonly files: { readonly certificate: string; readonly weights: string };
}

/** Examples that it never met, and which rows of which data set they are. */
export interface TestExamples {
  readonly split: string;
  readonly examples: Examples;
  readonly origin: { readonly dataset: string; readonly indices: SplitIndices; readonly labels?: RandomLabels };
}

export interface TestSetResult {
  readonly row: TestSetRow;
  readonly certificate: TestSetCertificate;
  /** to write beside the report */
  readonly attachments: readonly (readonly [name: string, content: string | Uint8Array])[];
}

export interface TestSetSetting {
  /** failure probability: as much as the certificate beside it spends in all */
  readonly delta: number;
  /** splits that the network depends on, and the one whose labels say what guessing costs */
  readonly splits: readonly DataSplit[];
  readonly guessing: Chance & { readonly split: string };
  readonly caveats?: readonly string[];
  readonly command: string;
}

/** Counts the mistakes of a fixed network on examples that it never met, in kernels that give the same count everywhere, and certifies them. */
export async function testSetResult(
  { network, weights, title, description, saw, files }: FixedNetwork,
  { split, examples, origin }: TestExamples,
  { delta, splits, guessing, caveats = [], command }: TestSetSetting,
): Promise<TestSetResult> {
  const dtype = weights.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
  const { mistakes } = await evaluate(network, weights, examples, { deterministic: true, dtype });
  const arrays = unflatten(network, weights);
  const named = network.parameters.map(({ name, shape }) => [name, { shape, data: arrays[name] }] as const);
  const { labels, ...rows } = origin;
  const architecture = architectureOf(network);
  const needed = new Set([...saw, guessing.split]);
  const certificate = issueTestSetCertificate({
    delta,
    errors: mistakes,
    loss: { kind: 'zero-one', description: mistakesOfOneNetwork },
    classifier: {
      description,
      saw,
      ...(architecture === undefined ? {} : { architecture }),
      weights: named.map(([name, { data }]) => ({ name, digest: weightsDigest(data) })),
    },
    data: {
      splits: [
        ...splits.filter(({ name }) => needed.has(name) && name !== split),
        dataSplit({ ...rows, name: split, digest: examplesIdentity(examples) }),
      ],
      test: split,
      chance: guessing.split,
      ...(labels === undefined ? {} : { labels }),
    },
    chance: guessing.error,
    caveats,
    command,
  });
  const { bound, confidence, vacuous } = certificate.claim;
  return {
    certificate,
    row: { network: title, split, examples: examples.count, errors: mistakes, value: bound, confidence, vacuous },
    attachments: [
      [files.certificate, `${JSON.stringify(certificate, null, 1)}\n`],
      [files.weights, writeNpz(new Map(named), { compress: false })],
    ],
  };
}
