import { fileURLToPath } from 'node:url';

const golden = new URL('../packages/curvature/test/golden/', import.meta.url);
const file = (name) => fileURLToPath(new URL(name, golden));

/** A small trained network with its inputs and labels. */
export const referenceFiles = {
  weights: file('mlp49-16-10-tanh.npz'),
  inputs: file('mlp49-16-10-tanh.x.npy'),
  labels: file('mlp49-16-10-tanh.y.npy'),
};
