import { BodyRoom } from "../../base/bounded_body.ts";
import type { App } from "../../ingest/verify.ts";

/** Bytes that bodies of callbacks under way may hold together (design §3). */
export const BODIES_MAX_BYTES = 67_108_864;

/** Bytes of these for one app without a token, whose callbacks anybody can send. */
export const UNSIGNED_MAX_BYTES = 8_388_608;

/** Bytes of these for requests that may be probes. */
const PROBES_MAX_BYTES = 1_048_576;

/** Memory for the bodies of callbacks under way: each app without a token has a part of its own. */
export class CallbackRooms {
  readonly all: BodyRoom;
  readonly probes: BodyRoom;
  #unsigned = new Map<number, BodyRoom>();
  #options: { readonly now?: () => number };

  constructor(options: { readonly now?: () => number } = {}) {
    this.#options = options;
    this.all = new BodyRoom({ ...options, maxBytes: BODIES_MAX_BYTES });
    this.probes = this.#part(PROBES_MAX_BYTES);
  }

  /** The memory for an app's bodies. */
  of({ id, tokens }: App): BodyRoom {
    if (tokens.length > 0) return this.all;
    let room = this.#unsigned.get(id);
    if (room === undefined) {
      room = this.#part(UNSIGNED_MAX_BYTES);
      this.#unsigned.set(id, room);
    }
    return room;
  }

  #part(maxBytes: number): BodyRoom {
    return new BodyRoom({ ...this.#options, maxBytes, parent: this.all });
  }
}
