// The exports of the divergence modules (deterministic, fast): sums over samples for tiles of pairs of models.
export { logOverlaps32, logOverlaps64 } from './logOverlaps';
export { arcs32, arcs64, jeffreys32, jeffreys64, squares32, squares64 } from './pairSums';
