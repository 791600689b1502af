import type { Certificate } from '../../certificate/certificate.js';
import { errorOfGuessing } from '../../theorems/chance.js';
import type { Findings } from '../../verification/reason.js';
import type { FoundSplits } from './checkRows.js';

/** What guessing costs, from the labels of the split that the certificate names for it. @returns why it stays open, if it does */
export function checkChance(
  { data, claim }: Certificate,
  rows: FoundSplits | undefined,
  found: Findings,
): string | undefined {
  if (data.chance === null) return 'the certificate names no labels for it';
  const examples = rows?.splits.get(data.chance);
  if (examples === undefined) return rows?.open ?? 'give the data';
  const { error } = errorOfGuessing(examples.labels, examples.classes);
  const told = `by the labels of split "${data.chance}" guessing costs ${error}, it says ${claim.chance}`;
  found.unless(error === claim.chance, 'chance-differs', '$.claim.chance', told);
  return undefined;
}
