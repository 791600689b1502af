export { cells, cutCells, wrapCells } from './page/cells.js';
