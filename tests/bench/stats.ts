/** The middle value, or the mean of the two middle ones; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (lower + upper) / 2;
}

/** The p-th percentile by nearest rank, of values in any order; NaN of nothing. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.ceil(sorted.length * p / 100) - 1] ?? NaN;
}

/** Two paired series divided one by one, and the median of that. */
export interface Ratio {
  readonly median: number;
  readonly rounds: readonly number[];
}

/** Divides round by round, so that what slows both sides of a round cancels out. */
export function ratioOf(
  numerators: readonly number[],
  denominators: readonly number[],
): Ratio {
  const rounds = numerators.map((value, i) => value / (denominators[i] ?? NaN));
  return { median: median(rounds), rounds };
}
