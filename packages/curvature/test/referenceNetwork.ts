import { readFileSync } from 'node:fs';
import { mnist, parseNpy, parseNpz } from '@hyperribbon/data';
import { type Examples, type Network } from '@hyperribbon/nn';
import { networkFromArrays } from '@hyperribbon/nn/models';

export interface Reference {
  readonly n: number;
  readonly loss: number;
  readonly gradient_norm: number;
  readonly accuracy: number;
  readonly logits_first_row: readonly number[];
  readonly hessian: Spectrum;
  readonly ggn: Spectrum;
  readonly empirical_fisher?: Spectrum;
}

interface Spectrum {
  readonly eigenvalues?: readonly number[];
  readonly top_eigenvalues?: readonly number[];
  readonly bottom_eigenvalues?: readonly number[];
  readonly trace?: number;
  readonly frobenius?: number;
}

const golden = (name: string): Uint8Array => readFileSync(new URL(`golden/${name}`, import.meta.url));

/** A trained network, its examples in float64, and what the reference says about it; see golden/README.md. */
export async function referenceNetwork(
  name: string,
  kind: string,
): Promise<{ network: Network; params: Float32Array; examples: Examples; reference: Reference }> {
  const { network, params } = networkFromArrays(kind, parseNpz(golden(`${name}.npz`)));
  const reference = JSON.parse(Buffer.from(golden(`${name}.reference.json`)).toString()) as Reference;
  const examples = name.startsWith('mlp49') ? pooledDigits(name) : await digits(reference.n);
  return { network, params: params as Float32Array, examples, reference };
}

function pooledDigits(name: string): Examples {
  const { data, shape } = parseNpy(golden(`${name}.x.npy`));
  const labels = Int32Array.from(parseNpy(golden(`${name}.y.npy`)).data as Uint8Array);
  return { inputs: data as Float64Array, labels, count: shape[0], features: shape[1], classes: 10 };
}

/** The first n training images, pixels/255 in float64. */
async function digits(n: number): Promise<Examples> {
  const { train } = await mnist({ task: 'digits', limit: n });
  const inputs = Float64Array.from(train.inputs.subarray(0, n * 784), (pixel) => Math.round(pixel * 255) / 255);
  return { inputs, labels: train.labels.slice(0, n), count: n, features: 784, classes: 10 };
}
