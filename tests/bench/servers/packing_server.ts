// (e) The floor: packs what is waiting into one durable commit and answers. Nothing is verified.
import { hostAndPort, OK_ACK } from "./baseline.ts";

/** Bytes of a packed value, and of all values of a commit: as imhook has them. */
const PACK_BYTES = 17_200;
const COMMIT_BYTES = 245_760;

/** A body that waits for its commit. */
interface Waiting {
  readonly body: Uint8Array;
  readonly settle: (isKept: boolean) => void;
}

/** Keeps bodies, many in a commit, one commit at a time. */
class PackingStore {
  #kv: Deno.Kv;
  #waiting: Waiting[] = [];
  #number = 0;
  #isCommitting = false;

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** Settles when the body is on the disk, or could not be kept. */
  keep(body: Uint8Array): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.push({ body, settle: resolve });
    if (!this.#isCommitting) this.#commitAll();
    return promise;
  }

  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, countWithin(this.#waiting));
      const isKept = await this.#commit(batch);
      for (const { settle } of batch) settle(isKept);
    }
    this.#isCommitting = false;
  }

  async #commit(batch: readonly Waiting[]): Promise<boolean> {
    const operation = this.#kv.atomic();
    for (const { first, pack } of packsOf(batch)) {
      operation.set(["packs", this.#number + first], pack);
    }
    operation.set(["head"], this.#number += batch.length);
    try {
      return (await operation.commit()).ok;
    } catch {
      // A full disk, or a body too large for a value: the answer is 503.
      return false;
    }
  }
}

/** The values of a commit, each with the index of its first body. */
function packsOf(
  batch: readonly Waiting[],
): { first: number; pack: Uint8Array }[] {
  const packs: { first: number; pack: Uint8Array }[] = [];
  let [first, length] = [0, 0];
  let buffer = new Uint8Array(0);
  const close = () => {
    if (length > 0) packs.push({ first, pack: buffer.subarray(0, length) });
  };
  for (const [index, { body }] of batch.entries()) {
    if (length + body.length > buffer.length) {
      close();
      [first, length] = [index, 0];
      buffer = new Uint8Array(Math.max(PACK_BYTES, body.length));
    }
    buffer.set(body, length);
    length += body.length;
  }
  close();
  return packs;
}

/** How many of the waiting bodies one commit takes. */
function countWithin(waiting: readonly Waiting[]): number {
  let bytes = 0;
  const count = waiting.findIndex(({ body }) =>
    (bytes += body.length) > COMMIT_BYTES
  );
  return count === -1 ? waiting.length : Math.max(1, count);
}

const createHandler =
  (store: PackingStore) => async (request: Request): Promise<Response> => {
    if (request.method !== "POST") return Response.json(OK_ACK);
    const body = await request.bytes();
    JSON.parse(new TextDecoder().decode(body));
    const isKept = await store.keep(body);
    return Response.json(OK_ACK, { status: isKept ? 200 : 503 });
  };

if (import.meta.main) {
  using kv = await Deno.openKv(Deno.env.get("IMHOOK_KV"));
  const { hostname, port } = hostAndPort(Deno.env.get("IMHOOK_LISTEN"));
  const handler = createHandler(new PackingStore(kv));
  const server = Deno.serve({ hostname, port, onListen() {}, handler });
  Deno.addSignalListener("SIGTERM", () => server.shutdown());
  await server.finished;
}
