import { type Tensor, constant, convert, reshape } from '@hyperribbon/autodiff';
import { equal } from '@hyperribbon/autodiff/array';
import { range } from '../../values/shapes.js';

/** 1 where the entry's place along a new axis is the position, else 0; positions beyond the axis give zeros. */
export function unitVectors(positions: Tensor, length: number, axis: number, dtype: Tensor['dtype']): Tensor {
  const rank = positions.shape.length + 1;
  const array = dtype === 'float32' ? Float32Array : Float64Array;
  const places = constant(
    array.from(range(length)),
    range(rank).map((i) => (i === axis ? length : 1)),
  );
  return equal(convert(reshape(positions, positions.shape.toSpliced(axis, 0, 1)), dtype), places);
}
