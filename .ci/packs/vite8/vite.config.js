export default {
  // its own: see packs.mjs
  cacheDir: '.vite',
};
