import { solve } from './solve.js';

export default {
  async fetch() {
    return new Response(await solve());
  },
};
