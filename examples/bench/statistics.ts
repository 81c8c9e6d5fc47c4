/** Medians of ratios and how sure they are. Arithmetic only. */

/** The middle, or the mean of the two in the middle. @throws RangeError for none */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted(ascending);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError("the median of nothing");
  return (lower + upper) / 2;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * A confidence interval of the median that assumes nothing of the distribution: from the j-th smallest to the j-th
 * largest value, with the greatest j whose coverage, 1 - 2 P(B < j) for B binomial(n, 1/2), is still at least 95 %.
 *
 * (Conover, "Practical Nonparametric Statistics", 3rd edition, section 3.2; Le Boudec, "Performance Evaluation of Computer
 * and Communication Systems", theorem 2.1.) For 8 values that is from the least to the greatest, which covers 99.2 %.
 *
 * @returns nothing for fewer than 6 values: even the widest interval covers less than 95 % then.
 */
export function medianInterval(values: readonly number[]): Interval | undefined {
  const sorted = values.toSorted(ascending);
  let below = 0.5 ** sorted.length; // P(B < j), for j = 1
  let binomial = below;
  let rank = 0;
  while (1 - 2 * below >= 0.95 && rank < sorted.length / 2) {
    rank += 1;
    binomial *= (sorted.length - rank + 1) / rank;
    below += binomial;
  }
  const [low, high] = [sorted[rank - 1], sorted[sorted.length - rank]];
  return low === undefined || high === undefined ? undefined : { low, high };
}

/** Each round's value divided by the same round's unit. Rounds in which either is missing are left out. */
export function ratios(values: readonly (number | undefined)[], units: readonly (number | undefined)[]): readonly number[] {
  return values.flatMap((value, round) => {
    const one = units[round];
    return value === undefined || one === undefined || one === 0 ? [] : [value / one];
  });
}

function ascending(a: number, b: number): number {
  return a - b;
}
