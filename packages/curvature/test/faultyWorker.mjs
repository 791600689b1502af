// The real worker with a fault planted before it: what happens at the first message of a kind is in workerData.
import { parentPort, workerData } from 'node:worker_threads';

const faults = {
  throw() {
    throw new RangeError(`planted ${'x'.repeat(500)}`);
  },
  trap() {
    // (module (func (export "run") unreachable))
    const bytes = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110, 0, 0, 10, 5, 1,
    ];
    const module = new WebAssembly.Module(Uint8Array.of(...bytes, 3, 0, 0, 11));
    new WebAssembly.Instance(module).exports.run();
  },
  exit() {
    process.exit(3);
  },
  hang() {
    for (;;);
  },
  // heard by the real worker, whose own error handling must report it
  corrupt(message) {
    message.x = undefined;
    message.shard = undefined;
  },
};

const on = parentPort.on.bind(parentPort);
parentPort.on = (event, listener) =>
  on(event, (message) => {
    if (message.type === workerData.at) {
      workerData.happened[0] = 1;
      faults[workerData.fault](message);
    }
    listener(message);
  });
await import('../dist/shardWorker.js');
