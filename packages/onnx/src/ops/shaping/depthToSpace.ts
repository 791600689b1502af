import { reshape, transpose } from '@hyperribbon/autodiff';
import { type Operator, requireRank } from '../../values/call.js';
import { plain } from '../../values/value.js';

/** Blocks of channels become blocks of places */
export const DepthToSpace: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  requireRank(call, x.shape, 4);
  const [batch, channels, height, width] = x.shape;
  const size = call.int('blocksize', 1);
  const depth = channels / size ** 2;
  if (!Number.isInteger(depth)) call.refuse(`blocks of ${size}x${size} do not divide ${channels} channels`);
  const columns = call.text('mode', 'DCR') === 'CRD';
  const split = columns ? [batch, depth, size, size, height, width] : [batch, size, size, depth, height, width];
  const order = columns ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  return plain(type, reshape(transpose(reshape(x, split), order), [batch, depth, height * size, width * size]));
};

/** Blocks of places become blocks of channels */
export const SpaceToDepth: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  requireRank(call, x.shape, 4);
  const [batch, channels, height, width] = x.shape;
  const size = call.int('blocksize', 1);
  const [rows, columns] = [height / size, width / size];
  if (![rows, columns].every(Number.isInteger))
    call.refuse(`blocks of ${size}x${size} do not divide ${height}x${width}`);
  const split = reshape(x, [batch, channels, rows, size, columns, size]);
  return plain(type, reshape(transpose(split, [0, 3, 5, 1, 2, 4]), [batch, channels * size ** 2, rows, columns]));
};
