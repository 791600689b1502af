import { tell } from './page.js';
import { solve } from './solve.js';

tell(solve({ workers: 2 }));
