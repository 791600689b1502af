import type { Tensor } from '@hyperribbon/autodiff';
import { refuse } from '@hyperribbon/contract';
import type { Decoder, Optional } from '@hyperribbon/contract/decode';
import type { BufferSpec, ParameterSpec, ParameterTensors } from '../network.js';

// Lengths of one example say what it is: [features], [positions, features] or [channels, height, width]. Tensors have the examples before
// them and keep features and channels last: (batch, features), (batch, positions, features), (batch, height, width, channels).

/** Where a module stands. */
export interface Site {
  /** public function that a network is made by, and the module's place in its description, such as `layers[3].branch[0]` */
  readonly caller: string;
  readonly place: string;
  /** what the names of its arrays begin with, such as `layer1.0.conv1`; '' for nothing */
  readonly name: string;
  /** lengths of one example that enters it */
  readonly shape: readonly number[];
  /** how many tokens there are, where what enters are tokens */
  readonly vocabulary?: number | undefined;
  /** arrays of the modules before it, by name: what a tied module reads */
  readonly before: ReadonlyMap<string, readonly number[]>;
}

/** What a run through a network has at hand. */
export interface Pass {
  readonly params: ParameterTensors;
  readonly buffers: ParameterTensors;
  /** absent in evaluation */
  readonly training?: {
    /** the value of a buffer after the step */
    renew(name: string, value: Tensor): void;
    /** (batch, count) of the uniforms that no module before it took */
    uniforms(count: number): Tensor;
  };
}

/** A module at its place: what it declares, and what it does. */
export interface Built {
  /** lengths of one example that leaves it */
  readonly shape: readonly number[];
  readonly parameters?: readonly ParameterSpec[];
  readonly buffers?: readonly BufferSpec[];
  /** uniforms per example that it takes in training mode */
  readonly draws?: number;
  apply(h: Tensor, pass: Pass): Tensor;
}

/** Options of a module beside its kind and its name. */
export type OptionsOf<M> = Omit<M, 'kind' | 'name'>;

/** A kind of module: how its options are read from JSON, and how it is put in place. */
export interface Rule<M> {
  readonly options: { readonly [K in keyof OptionsOf<M>]-?: Decoder<unknown> | Optional<unknown> };
  build(module: M, site: Site): Built;
}

/** Name of an array of a module, or of a module within one: joined by a point, as in PyTorch. */
export function within(name: string, own: string): string {
  return name === '' || own === '' ? name + own : `${name}.${own}`;
}

/** @throws ArgumentError that begins with the place in the description */
export function refuseAt({ caller, place, name }: Pick<Site, 'caller' | 'place' | 'name'>, sentence: string): never {
  return refuse(caller, `${place}${name === '' ? '' : ` (${name})`}: ${sentence}`);
}

/** Lengths as people write them: [16, 8, 8]. */
export function lengths(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** @throws ArgumentError unless what enters is [channels, height, width] */
export function requireImage(site: Site): readonly [number, number, number] {
  const { shape } = site;
  if (shape.length !== 3) refuseAt(site, `takes images [channels, height, width], got ${lengths(shape)}`);
  return [shape[0], shape[1], shape[2]];
}

/** @throws ArgumentError unless what enters is [positions, features] */
export function requireSequence(site: Site): readonly [number, number] {
  const { shape } = site;
  if (shape.length !== 2) refuseAt(site, `takes sequences [positions, features], got ${lengths(shape)}`);
  return [shape[0], shape[1]];
}

/** Channels of images, features of the others: the length of a tensor's last axis. */
export function channelsOf({ shape }: Pick<Site, 'shape'>): number {
  return shape.length === 3 ? shape[0] : shape[shape.length - 1];
}
