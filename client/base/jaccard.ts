/** Jaccard index: of all that either of two sets holds, the share 0-1 that both hold; undefined where both are empty. */
export function jaccard<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): number | undefined {
  if (one.size === 0 && other.size === 0) return undefined;
  let common = 0;
  for (const item of one) if (other.has(item)) common++;
  return common / (one.size + other.size - common);
}
