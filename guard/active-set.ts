import type { Suspension } from './suspension';
import { covers, type RequestKind } from './verdict';

const writes = 0;
const everything = 1;
const route = 2;
/** So many at first; doubled whenever it is too little. */
const firstRoom = 64;

/**
 * The suspensions in force, in memory. An entry ends by itself: whoever reads it compares its end with a clock.
 *
 * What a check needs of an entry lies in arrays of numbers, at the slot that the subject's name leads to: with a large
 * set, following references from object to object would take longer than finding the name.
 */
export class ActiveSet {
  readonly #slots = new Map<string, number>();
  #suspensions: (Suspension | undefined)[] = [];
  #untils = new Float64Array(firstRoom);
  #scopes = new Uint8Array(firstRoom);
  #refused = new Uint32Array(firstRoom);
  readonly #freeSlots: number[] = [];
  /** Slots whose refusals wait to be taken, and those of subjects that have no slot any more. */
  #refusedSlots: number[] = [];
  #refusedEarlier: [subject: string, count: number][] = [];
  /** Subjects whose entries come from before a reset of the store, which therefore does not list them. */
  readonly #retained = new Set<string>();

  /** The slot of the subject's entry, which may have ended. It is good until the next change of the set. */
  slotOf(subject: string): number | undefined {
    return this.#slots.get(subject);
  }

  /** The suspension in that slot, if it refuses this request at this moment. */
  refusing(slot: number, request: RequestKind | undefined, nowMs: number): Suspension | undefined {
    if (!((this.#untils[slot] ?? 0) > nowMs)) return undefined;
    const scope = this.#scopes[slot];
    if (scope === writes && request?.scope === 'reads') return undefined;
    const suspension = this.#suspensions[slot];
    if (scope === route && suspension !== undefined && !covers(suspension.scope, request)) return undefined;
    return suspension;
  }

  /** When the suspension in that slot ends, in epoch milliseconds. */
  untilOf(slot: number): number {
    return this.#untils[slot] ?? 0;
  }

  countRefusal(slot: number): void {
    const before = this.#refused[slot] ?? 0;
    if (before === 0) this.#refusedSlots.push(slot);
    this.#refused[slot] = before + 1;
  }

  /** The refusals counted since they were last taken. A subject may be named more than once. */
  takeRefusals(): [subject: string, count: number][] {
    const taken = this.#refusedEarlier;
    this.#refusedEarlier = [];
    for (const slot of this.#refusedSlots) {
      const count = this.#refused[slot] ?? 0;
      const subject = this.#suspensions[slot]?.subject;
      // A slot that was given up in between left its refusals above.
      if (count === 0 || subject === undefined) continue;
      taken.push([subject, count]);
      this.#refused[slot] = 0;
    }
    this.#refusedSlots = [];
    return taken;
  }

  get size(): number {
    return this.#slots.size;
  }

  put(suspension: Suspension): void {
    const { subject, until, scope } = suspension;
    this.#retained.delete(subject);
    let slot = this.#slots.get(subject);
    if (slot === undefined) this.#slots.set(subject, (slot = this.#freeSlots.pop() ?? this.#newSlot()));
    this.#suspensions[slot] = suspension;
    this.#untils[slot] = until;
    this.#scopes[slot] = scope === 'writes' ? writes : scope === 'everything' ? everything : route;
  }

  lift(subject: string): void {
    this.#retained.delete(subject);
    const slot = this.#slots.get(subject);
    if (slot === undefined) return;
    const count = this.#refused[slot] ?? 0;
    if (count > 0) this.#refusedEarlier.push([subject, count]);
    this.#refused[slot] = 0;
    this.#suspensions[slot] = undefined;
    this.#freeSlots.push(slot);
    this.#slots.delete(subject);
  }

  /**
   * Takes over everything the store holds. What it does not list is gone, except what was kept from before a
   * reset; `afterReset` says that this read is the first after one, so that the whole set is kept.
   */
  replace(suspensions: Iterable<Suspension>, afterReset: boolean, nowMs: number): void {
    const gone = new Set(this.#slots.keys());
    if (afterReset) for (const subject of gone) this.#retained.add(subject);
    for (const suspension of suspensions) {
      if (suspension.until <= nowMs) continue;
      gone.delete(suspension.subject);
      this.put(suspension);
    }
    for (const subject of gone) if (!this.#retained.has(subject)) this.lift(subject);
    this.sweep(nowMs);
  }

  /** Forgets what has ended. */
  sweep(nowMs: number): void {
    for (const [subject, slot] of this.#slots) {
      if (this.untilOf(slot) <= nowMs) this.lift(subject);
    }
  }

  #newSlot(): number {
    const slot = this.#suspensions.push(undefined) - 1;
    if (slot < this.#untils.length) return slot;
    const room = 2 * slot;
    const [untils, scopes, refused] = [this.#untils, this.#scopes, this.#refused];
    (this.#untils = new Float64Array(room)).set(untils);
    (this.#scopes = new Uint8Array(room)).set(scopes);
    (this.#refused = new Uint32Array(room)).set(refused);
    return slot;
  }
}
