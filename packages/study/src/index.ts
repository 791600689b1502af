export {
  type Job,
  type JobContext,
  type JobFunction,
  type JobKind,
  type JobResult,
  type JobTable,
  runJob,
} from './job.js';

export type { Executor, JobOptions } from './executors/executor.js';
export { here } from './executors/here.js';
export { threads } from './executors/threads.js';
export { serveJobs } from './executors/serveJobs.js';
export { shareArray } from './executors/arrays.js';

export type { StepLine, StepLines } from './steps/stepLine.js';
export {
  type FailedStep,
  type RunStatus,
  type StepJob,
  type StepOptions,
  type StepTime,
  StudyRun,
  type StudyRunOptions,
} from './steps/studyRun.js';

export { planDifferences, planDigest, planText } from './plan/planText.js';

export { decodeResult, encodeResult, ResultFormatError } from './results/resultBytes.js';
export { ConflictError, memoryStore, type ResultStore } from './results/resultStore.js';
export {
  type FailedJob,
  jobId,
  resultOf,
  runStudy,
  type StudyDetail,
  type StudyOptions,
  type StudyReport,
} from './study/runStudy.js';
