import type { AnyExamples } from '@hyperribbon/nn';
import { standardize, type Standardization } from '@hyperribbon/data';
import { isUserFault } from '../userFault.js';
import { UsageError } from '../usageError.js';

/** Means and deviations of the pixels of training images, as they are published and used. */
const published: Readonly<Record<string, Standardization>> = {
  imagenet: { means: [0.485, 0.456, 0.406], deviations: [0.229, 0.224, 0.225] },
  cifar10: { means: [0.4914, 0.4822, 0.4465], deviations: [0.247, 0.2435, 0.2616] },
  cifar100: { means: [0.5071, 0.4865, 0.4409], deviations: [0.2673, 0.2564, 0.2762] },
  mnist: { means: [0.1307], deviations: [0.3081] },
  'fashion-mnist': { means: [0.286], deviations: [0.353] },
};

/** What --standardize says: a name, or MEANS:DEVIATIONS with commas between. @throws UsageError */
function standardizationOf(text: string): Standardization {
  if (Object.hasOwn(published, text)) return published[text];
  const lists = text.split(':').map((list) => list.split(',').map((part) => (part.trim() === '' ? NaN : Number(part))));
  const [means, deviations] = lists;
  if (lists.length !== 2 || lists.flat().some((value) => !Number.isFinite(value)))
    throw new UsageError(
      `--standardize: expected MEANS:DEVIATIONS, numbers with commas between, such as 0.5,0.5,0.5:0.25,0.25,0.25, or one of ${Object.keys(published).join(', ')}, got "${text}"`,
    );
  return { means, deviations };
}

/** Examples as --standardize asks for them; as they are where it says nothing. */
export function standardized<Kind extends AnyExamples>(examples: Kind, text: string | undefined): Kind {
  if (text === undefined) return examples;
  try {
    return standardize(examples, standardizationOf(text));
  } catch (error) {
    if (!isUserFault(error) || error instanceof UsageError) throw error;
    throw new UsageError(error.message.replace(/^standardize: /, '--standardize: '), { cause: error });
  }
}

/** What was asked of the inputs, for the record. */
export function saidOf({ standardize }: { readonly standardize?: string | undefined }): {
  readonly standardize?: string;
} {
  return standardize === undefined ? {} : { standardize };
}
