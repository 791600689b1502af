import { refuse } from '@hyperribbon/contract';
import { kernelInfo, type KernelInfo } from '@hyperribbon/kernels';
import { AssumptionError, requireThat } from '../../assumptions.js';
import { testSetBound, testSetTitle, type TestSetEvidence } from '../../theorems/testSetBound.js';
import { version } from '../../version.js';
import { canonicalJson, certificateDigest } from '../canonicalJson.js';
import type { DataSplit, LossRecord, RandomLabels } from '../certificate.js';
import { sharedExamples } from '../dataSplit.js';
import type { Issued } from '../issued.js';
import { printable } from '../printable.js';
import { parseTestSetCertificate } from './parseTestSetCertificate.js';
import type { TestSetCertificate } from './testSetCertificate.js';
import { assumedOf, testSetAssumptions, testSetClaimText } from './testSetTexts.js';

export interface TestSetCertificateArguments {
  /** Failure probability, in (0, 1/2]. */
  readonly delta: number;
  /** Mistakes on the test split for the 0-1 loss, or the mean of another loss in [0, 1]. */
  readonly errors?: number;
  readonly mean?: number;
  readonly loss: Issued<LossRecord>;
  readonly classifier: Issued<TestSetCertificate['classifier']>;
  /** Every split that is named, and which of them is the test split; its count is the number of trials. */
  readonly data: {
    readonly splits: readonly DataSplit[];
    readonly test: string;
    readonly chance?: string;
    readonly labels?: RandomLabels;
  };
  /** Risk of guessing; default 1. */
  readonly chance?: number;
  readonly caveats?: readonly string[];
  /** Default: what would run here now. */
  readonly kernels?: KernelInfo;
  readonly command?: string;
}

/**
 * Issues the certificate of a test set: one fixed classifier, examples that played no part in it, {@link testSetBound}.
 *
 * It says less than a PAC-Bayes certificate and says it more cheaply: it is about one network, not about a random one, and it uses
 * up examples that could have trained it. `verifyTestSetCertificate` counts the mistakes again.
 *
 * @returns plain JSON with its digest
 * @throws AssumptionError where the classifier saw examples of the test split, for a delta above 1/2, counts that are not counts;
 * ArgumentError for names of splits that are unknown or given twice, CertificateError for texts that nothing would read
 * @example
 * const test = dataSplit({ name: 'test', dataset: 'set', digest: 'sha256:…', indices: { kind: 'ranges', ranges: [[5000, 6000]] } });
 * issueTestSetCertificate({
 *   delta: 0.05,
 *   errors: 10,
 *   loss: { kind: 'zero-one', description: '0-1 error' },
 *   classifier: { description: 'trained on other examples', saw: [], weights: [] },
 *   data: { splits: [test], test: 'test' },
 * }).claim.bound; // 0.0169...
 */
export function issueTestSetCertificate(request: TestSetCertificateArguments): TestSetCertificate {
  const { delta, loss, classifier, data, chance = 1, caveats = [], command } = request;
  const caller = 'issueTestSetCertificate';
  const test = splitOf(caller, data.splits, data.test);
  for (const seen of classifier.saw) requireDisjoint(caller, 'a classifier', splitOf(caller, data.splits, seen), test);
  if (data.chance !== undefined)
    requireDisjoint(caller, 'a risk of guessing', splitOf(caller, data.splits, data.chance), test);
  requireThat(delta > 0 && delta <= 0.5, caller, 'delta in (0, 1/2]', 'delta', delta);
  requireThat(chance >= 0 && chance <= 1, caller, 'chance in [0, 1]', 'chance', chance);
  const { value, method, mean } = testSetBound(evidenceOf(caller, request, test.count), delta);
  const content: Omit<TestSetCertificate, 'digest'> = {
    schema: 'hyperribbon/test-set-certificate',
    version: 1,
    claim: {
      bound: value,
      delta,
      confidence: 1 - delta,
      chance,
      vacuous: !(value < chance),
      text: testSetClaimText(value, 1 - delta, chance, loss.kind === 'zero-one'),
    },
    theorem: { id: method, ...testSetTitle[method], m: test.count },
    risk: {
      loss: { ...loss, clamp: loss.clamp ?? null },
      errors: request.errors ?? null,
      mean,
    },
    classifier: { ...classifier, architecture: classifier.architecture ?? null },
    data: { ...data, chance: data.chance ?? null, labels: data.labels ?? null },
    assumptions: assumedOf(data.splits).map((id) => ({ id, text: testSetAssumptions[id] })),
    caveats,
    software: {
      name: '@hyperribbon/pac-bayes',
      version,
      kernels: request.kernels ?? kernelInfo(),
      command: command === undefined ? null : printable(command),
    },
  };
  canonicalJson(content); // refuses what JSON cannot hold
  const plain = JSON.parse(JSON.stringify(content)) as Omit<TestSetCertificate, 'digest'>;
  return parseTestSetCertificate({ ...plain, digest: certificateDigest(plain) });
}

function splitOf(caller: string, splits: readonly DataSplit[], name: string): DataSplit {
  const found = splits.filter((split) => split.name === name);
  if (found.length === 1) return found[0];
  const listed = splits.map((split) => split.name).join(', ') || 'none';
  return refuse(caller, `data.splits must list "${name}" once, got ${listed}`);
}

function requireDisjoint(caller: string, what: string, seen: DataSplit, test: DataSplit): void {
  const shared = sharedExamples(seen, test);
  if (shared === 0) return;
  throw new AssumptionError(
    caller,
    `${what} that does not depend on the test examples`,
    `one that saw split "${seen.name}", which shares ${shared} of ${test.count} examples with split "${test.name}"`,
  );
}

function evidenceOf(
  caller: string,
  { errors, mean, loss }: TestSetCertificateArguments,
  examples: number,
): TestSetEvidence {
  if ((errors === undefined) === (mean === undefined))
    return refuse(caller, 'give errors, or the mean of a loss; got both or neither');
  if (errors === undefined) return { mean: mean!, examples };
  if (loss.kind !== 'zero-one')
    refuse(caller, `errors are counted for the 0-1 loss; give the mean of "${loss.description}"`);
  return { errors, examples };
}
