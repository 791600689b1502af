import { join } from 'node:path';

const output = (name, filename) => ({ path: join(import.meta.dirname, 'out', name), filename });
const node = { mode: 'production', target: 'node', optimization: { minimize: false } };

export default [
  { name: 'web', mode: 'production', entry: { main: './main.js' }, output: output('web', '[name].js') },
  {
    ...node,
    name: 'node',
    entry: { server: './server.js', shardWorker: '@hyperribbon/curvature/worker' },
    output: output('node', '[name].cjs'),
  },
  // without an entry for the worker: the bundle starts the script in node_modules, which has to stay where it was
  { ...node, name: 'node, in place', entry: { terminal: './terminal.js' }, output: output('place', '[name].cjs') },
];
