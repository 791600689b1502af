import { nodeResolve } from '@rollup/plugin-node-resolve';

export default {
  input: { main: './main.js', shardWorker: '@hyperribbon/curvature/worker' },
  output: { dir: 'out', entryFileNames: '[name].js' },
  plugins: [nodeResolve({ browser: true })],
};
