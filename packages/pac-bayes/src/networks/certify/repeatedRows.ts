/**
 * What a certificate says where rows with equal inputs are taken for draws of their own. If they are copies, they are no independent examples, and
 * one may have trained what another one counts: the reader has to know, and verification demands these words among the caveats.
 */
export function repeatedRowsCaveat(repeats: number, rows: number): string {
  return `${repeats} of ${rows} rows repeat the input of another and are taken for independent draws that agree`;
}
