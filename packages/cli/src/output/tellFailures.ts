import type { JobTable, StudyRun } from '@hyperribbon/study';
import { faultText, isUserFault } from '../userFault.js';

/**
 * What becomes of the failures of a run that went on: the record names their steps; faults of ours are told with their stacks, and if
 * nothing else came of the run, its first failure is what became of it.
 *
 * @param sections what the run found
 */
export function tellFailures<Table extends JobTable>({ failures }: StudyRun<Table>, sections: object): void {
  if (failures.length > 0 && Object.keys(sections).length === 0) throw failures[0];
  for (const error of failures) if (!isUserFault(error)) process.stderr.write(faultText(error));
}
