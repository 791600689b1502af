// A few worker threads that compute blocks of rows of a matrix of divergences; models are shared, not copied.
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { divergenceBlock, divergenceRows } from '@hyperribbon/linear-dynamics';

if (!isMainThread) {
  enableExperimentalSimd();
  parentPort.on('message', ({ set, rows, options }) => {
    const block = divergenceBlock(set, rows, options);
    parentPort.postMessage(block, [block.values.buffer]);
  });
}

/** @returns { blocks(set, shares, options, onBlock?) → blocks, close() } */
export function startThreads(count) {
  const workers = Array.from({ length: count }, () => new Worker(new URL(import.meta.url)));
  return {
    async blocks(set, shares, options, onBlock) {
      const waiting = divergenceRows(set.models, shares);
      const done = [];
      await Promise.all(
        workers.map(
          (worker) =>
            new Promise((resolve, reject) => {
              const hear = (block) => {
                if (onBlock === undefined) done.push(block);
                else onBlock(block);
                next();
              };
              const next = () => {
                const rows = waiting.shift();
                if (rows !== undefined) return worker.postMessage({ set, rows, options });
                worker.off('message', hear);
                worker.off('error', reject);
                resolve();
              };
              worker.on('error', reject);
              worker.on('message', hear);
              next();
            }),
        ),
      );
      return done;
    },
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}
