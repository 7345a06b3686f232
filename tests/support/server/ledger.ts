import { assertEquals } from "@std/assert";
import { BODY_MARK } from "./callback.ts";
import { seeded } from "../seeded.ts";
import type { Server } from "./server.ts";

/** Every so many bodies one takes a pack alone, or nearly a whole commit. */
const LARGE_EVERY = 40;
const HUGE_EVERY = 600;
const FIRST_EVENT_TIME_SEC = 1_700_000_000;

/** Callbacks sent, callbacks acknowledged, and those that the journal was seen to hold. */
export class Ledger {
  #sent = 0;
  #acknowledged = new Set<number>();
  #events = 0;
  #seen = new Set<number>();

  get sentCount(): number {
    return this.#sent;
  }

  get acknowledgedCount(): number {
    return this.#acknowledged.size;
  }

  /** The number of the next callback; its body follows from it. */
  next(): number {
    return ++this.#sent;
  }

  /** The number that a body carries. */
  numberOf(body: string): number {
    return Number(JSON.parse(body).Number);
  }

  acknowledge(number: number): void {
    this.#acknowledged.add(number);
  }

  /** Sent and not acknowledged: perhaps kept, perhaps not. */
  unknown(): number[] {
    const all = Array.from({ length: this.#sent }, (_, index) => index + 1);
    return all.filter((number) => !this.#acknowledged.has(number));
  }

  /**
   * Reads what is new in the journal: numbers dense, each callback once and as it was sent, and
   * every acknowledged one there.
   */
  async check(server: Pick<Server, "events">): Promise<void> {
    for (const { id, data } of await server.events(this.#events)) {
      assertEquals(id, String(++this.#events), "The numbers are not dense");
      const number = Number(data.Number);
      assertEquals(this.#seen.has(number), false, `${number} is there twice`);
      assertEquals(JSON.stringify(data) === numberedBody(number), true);
      this.#seen.add(number);
    }
    const lost = this.#acknowledged.difference(this.#seen);
    assertEquals([...lost], [], "Acknowledged and not kept");
  }
}

/** The body of a callback, of a size that its number tells. */
export function numberedBody(number: number): string {
  return JSON.stringify({
    GroupId: `@TGS#${number}`,
    Number: number,
    Name: BODY_MARK,
    Introduction: "x".repeat(fillerOf(number)),
    EventTime: FIRST_EVENT_TIME_SEC + number,
  });
}

function fillerOf(number: number): number {
  const { below } = seeded(number);
  if (number % HUGE_EVERY === 0) return 500_000 + below(280_000);
  if (number % LARGE_EVERY === 0) return 50_000 + below(150_000);
  return below(1_500);
}
