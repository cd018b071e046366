const mostKept = 500;

/** How long the last ones took; old ones are forgotten. */
export class Latencies {
  private readonly measured: { readonly atMs: number; readonly tookMs: number }[] = [];

  add(atMs: number, tookMs: number): void {
    this.measured.push({ atMs, tookMs: Math.max(0, tookMs) });
    if (this.measured.length > mostKept) this.measured.shift();
  }

  /** Of those measured after the moment: how many, the median and the longest; undefined without any. */
  after(
    atMs: number,
  ): { readonly count: number; readonly medianMs: number; readonly mostMs: number } | undefined {
    const sorted = this.measured
      .filter((one) => one.atMs > atMs)
      .map(({ tookMs }) => tookMs)
      .sort((a, b) => a - b);
    const medianMs = sorted[Math.floor((sorted.length - 1) / 2)];
    const mostMs = sorted.at(-1);
    return medianMs === undefined || mostMs === undefined
      ? undefined
      : { count: sorted.length, medianMs, mostMs };
  }
}
