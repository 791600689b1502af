import { groupNorm as byGroups, layerNorm as byPlace, rmsNorm as byRoot } from '@hyperribbon/autodiff/layers';
import { flag, maybe } from '@hyperribbon/contract/decode';
import type { ParameterSpec } from '../network.js';
import { epsilon, size } from './fields.js';
import { type Rule, channelsOf, refuseAt, within } from './module.js';

/** Normalisation of each place by its own features or channels: mean and variance, or the root of the mean square. */
export interface PlaceNorm {
  readonly kind: 'layerNorm' | 'rmsNorm';
  readonly name?: string;
  /** default 1e-5 of layerNorm, 1e-6 of rmsNorm */
  readonly epsilon?: number;
  /** whether it scales (and shifts) afterwards, default true */
  readonly affine?: boolean;
  /** of layerNorm: whether it shifts, default as affine */
  readonly bias?: boolean;
}

/**
 * weight and bias (features,), PyTorch's LayerNorm of the last axis; rmsNorm has a weight only. In images the channels of each place are
 * normalised, as in ConvNeXt; a groupNorm of one group normalises the whole image.
 */
export const placeNorms: Rule<PlaceNorm> = {
  options: { epsilon: maybe(epsilon), affine: maybe(flag), bias: maybe(flag) },
  build({ kind, affine = true, bias, epsilon = kind === 'layerNorm' ? 1e-5 : 1e-6 }, site) {
    if (kind === 'rmsNorm' && bias === true) refuseAt(site, 'an rmsNorm does not shift: leave bias off');
    const shifts = kind === 'layerNorm' && (bias ?? affine);
    const [scale, shift] = [within(site.name, 'weight'), within(site.name, 'bias')];
    return {
      shape: site.shape,
      parameters: gains(channelsOf(site), affine ? scale : undefined, shifts ? shift : undefined),
      apply(h, { params }) {
        const scaled = { epsilon, ...(affine && { scale: params[scale] }) };
        if (kind === 'rmsNorm') return byRoot(h, scaled);
        return byPlace(h, { ...scaled, ...(shifts && { shift: params[shift] }) });
      },
    };
  },
};

/** Normalisation of groups of channels, over all places of an example. */
export interface GroupNorm {
  readonly kind: 'groupNorm';
  readonly name?: string;
  /** divides the channels */
  readonly groups: number;
  /** default 1e-5 */
  readonly epsilon?: number;
  /** whether it scales and shifts afterwards, default true */
  readonly affine?: boolean;
}

/** weight and bias (channels,), PyTorch's GroupNorm. */
export const groupNorm: Rule<GroupNorm> = {
  options: { groups: size, epsilon: maybe(epsilon), affine: maybe(flag) },
  build({ groups, epsilon = 1e-5, affine = true }, site) {
    const channels = channelsOf(site);
    if (channels % groups !== 0) refuseAt(site, `groups must divide the ${channels} channels, got ${groups}`);
    const [scale, shift] = [within(site.name, 'weight'), within(site.name, 'bias')];
    return {
      shape: site.shape,
      parameters: affine ? gains(channels, scale, shift) : [],
      apply: (h, { params }) =>
        byGroups(h, groups, { epsilon, ...(affine && { scale: params[scale], shift: params[shift] }) }),
    };
  },
};

/** Scales of 1 and shifts of 0 of these names. */
function gains(channels: number, scale: string | undefined, shift: string | undefined): readonly ParameterSpec[] {
  return [
    ...(scale === undefined ? [] : [{ name: scale, shape: [channels], start: 1 }]),
    ...(shift === undefined ? [] : [{ name: shift, shape: [channels], start: 0 }]),
  ];
}
