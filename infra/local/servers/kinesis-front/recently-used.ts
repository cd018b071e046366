/** Values made when they are first asked for; beyond a number of them, the one not used for longest is forgotten. */
export class RecentlyUsed<Value> {
  private readonly values = new Map<string, Value>();

  constructor(
    private readonly most: number,
    private readonly make: (key: string) => Value,
  ) {}

  get(key: string): Value {
    const value = this.values.get(key) ?? this.make(key);
    // A Map keeps the order of insertion: what is put in again is the newest.
    this.values.delete(key);
    this.values.set(key, value);
    if (this.values.size > this.most) {
      const [oldest] = this.values.keys();
      if (oldest !== undefined) this.values.delete(oldest);
    }
    return value;
  }

  forget(key: string): void {
    this.values.delete(key);
  }
}
