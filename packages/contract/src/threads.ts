export { type Answer, answerRequests, type Replied } from './threads/answerRequests.js';
export { startThread, type Thread, type ThreadEvents, type ThreadScript } from './threads/startThread.js';
export { type Parcel, ThreadRequests, type ThreadRequestsOptions } from './threads/threadRequests.js';
export { WorkerError, type WorkerFailure } from './threads/workerError.js';
