import type { UnionPrice } from '../../theorems/boundRecord.js';
import { gridPrice } from '../../theorems/penalties.js';

/**
 * The price of having chosen prior scales on their grids after seeing the data.
 *
 * @param indices one a scale: j ≥ 1 on its grid, or 0 for a scale that was fixed in advance, for which nothing is paid
 */
export function memberPrice(indices: readonly number[]): UnionPrice {
  const chosen = indices.filter((j) => j > 0);
  return chosen.length > 0 ? gridPrice(chosen) : { nats: 0, description: 'prior scales fixed in advance', sound: true };
}
