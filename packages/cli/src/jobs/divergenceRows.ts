import { divergenceBlock, type DivergenceBlock, type Models, type RowRange } from '@hyperribbon/linear-dynamics';
import type { JobContext } from '@hyperribbon/study';

/** Rows of the Bhattacharyya divergences between all models; assembleDivergences puts them together. */
export interface DivergenceRowsJob extends Models {
  readonly rows: RowRange;
  readonly deterministic: boolean;
}

export async function runDivergenceRows(job: DivergenceRowsJob, context: JobContext): Promise<DivergenceBlock> {
  const { models, samples, rows, deterministic } = job;
  return divergenceBlock(job, rows, {
    deterministic,
    signal: context.signal,
    onProgress: ({ done, of }) => context.report({ done, of, detail: `${models} models, ${samples} samples` }),
  });
}
