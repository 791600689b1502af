import { tell } from './page.js';
import { solve } from './solve.js';

tell(solve({ workers: 2, workerUrl: new URL('./shardWorker.js', import.meta.url) }));
