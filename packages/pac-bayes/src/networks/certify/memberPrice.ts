import type { UnionPrice } from '../../theorems/boundRecord.js';
import { gridPrice } from '../../theorems/penalties.js';

/** What members of grids cost: those of index 0, which are no members, nothing. */
export function memberPrice(indices: readonly number[]): UnionPrice {
  const chosen = indices.filter((j) => j > 0);
  return chosen.length > 0 ? gridPrice(chosen) : { nats: 0, description: 'prior scales fixed in advance', sound: true };
}
