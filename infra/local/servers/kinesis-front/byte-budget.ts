/** Bytes that may be held in memory at one time; who wants more than is free waits, first come, first served. */
export class ByteBudget {
  private free: number;
  private readonly waiting: { readonly bytes: number; readonly go: () => void }[] = [];

  constructor(private readonly most: number) {
    this.free = most;
  }

  /** Resolves with a function that gives the bytes back, which may be called more than once. */
  async take(bytes: number): Promise<() => void> {
    const wanted = Math.min(bytes, this.most);
    if (this.waiting.length > 0 || wanted > this.free) {
      await new Promise<void>((go) => this.waiting.push({ bytes: wanted, go }));
    } else {
      this.free -= wanted;
    }
    let given = true;
    return () => {
      if (given) this.giveBack(wanted);
      given = false;
    };
  }

  private giveBack(bytes: number): void {
    this.free += bytes;
    for (let next = this.waiting[0]; next !== undefined && next.bytes <= this.free; next = this.waiting[0]) {
      this.free -= next.bytes;
      this.waiting.shift();
      next.go();
    }
  }
}
