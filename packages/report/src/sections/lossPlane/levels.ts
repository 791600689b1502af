/** Levels of a picture that one can still tell apart. */
const most = 18;

const choices = [[1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

/**
 * Levels on a logarithmic scale, inside (low, high), ascending: 1, 2, 5 times powers of ten where they are enough, fewer over many decades,
 * equal ratios over a narrow range.
 */
export function logLevels(low: number, high: number): readonly number[] {
  if (!(low > 0 && high > low)) return [];
  const decades = Math.log10(high) - Math.log10(low);
  if (decades < 1.3) {
    const ratio = Math.log(high) - Math.log(low);
    return Array.from({ length: 12 }, (_, i) => low * Math.exp((ratio * (i + 0.5)) / 12)).filter(
      (level, i, all) => level > low && level < high && (i === 0 || level > all[i - 1]),
    );
  }
  const mantissas = choices.find((list) => list.length * decades <= most) ?? [1];
  const step = Math.max(1, Math.ceil(decades / most));
  const levels: number[] = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++)
    if (k % step === 0)
      for (const m of mantissas) {
        const level = Number(`${m}e${k}`);
        if (level > low && level < high) levels.push(level);
      }
  return levels;
}
