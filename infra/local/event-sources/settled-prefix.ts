/**
 * How far a shard is settled when its records are settled out of order: up to the last one that has none before it
 * that is not. Records are given in the order of the shard.
 */
export class SettledPrefix {
  /** What was read and is not passed yet: true where it is settled. */
  private readonly waiting = new Map<string, boolean>();

  read(sequenceNumber: string): void {
    this.waiting.set(sequenceNumber, false);
  }

  settle(sequenceNumber: string): void {
    // Of a record that was read twice the first delivery settles it; the second has nothing left to say.
    if (this.waiting.has(sequenceNumber)) this.waiting.set(sequenceNumber, true);
  }

  /** Passes what is settled from the beginning on, and answers with it. */
  pass(): string[] {
    const passed: string[] = [];
    for (const [sequenceNumber, settled] of this.waiting) {
      if (!settled) break;
      passed.push(sequenceNumber);
      this.waiting.delete(sequenceNumber);
    }
    return passed;
  }
}
