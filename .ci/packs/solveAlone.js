import { solve } from './solve.js';

console.log(await solve());
