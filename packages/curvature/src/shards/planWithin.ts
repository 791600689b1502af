import { MemoryLimitError } from '@hyperribbon/autodiff';
import {
  type LinearizedPlan,
  type LinearizedPlanOptions,
  type LinearizedPrograms,
  planLinearized,
} from '@hyperribbon/autodiff/chunked';

/** planLinearized, whose refusal is said in the caller's name. @throws MemoryLimitError with bytes needed and allowed */
export function planWithin(
  caller: string,
  programs: readonly LinearizedPrograms[],
  options: LinearizedPlanOptions,
): LinearizedPlan {
  try {
    return planLinearized(programs, options);
  } catch (error) {
    if (!(error instanceof MemoryLimitError)) throw error;
    throw new MemoryLimitError(
      `${caller}: needs ${error.bytes} bytes even with one chunk of examples at a time, but memoryLimit is ` +
        `${error.limit}; a smaller chunkSize needs less`,
      error.bytes,
      error.limit,
    );
  }
}
