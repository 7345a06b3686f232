import { createXXHash128 } from "hash-wasm";

/** The fields that tell one callback from another; RequestID counts only where the body has no EventTime. */
export interface DigestInput {
  readonly app: number;
  readonly command: string;
  readonly requestId?: string | undefined;
  readonly body: Uint8Array;
}

/** Computes a callback's 16-byte digest. */
export type Digester = (input: DigestInput) => Uint8Array;

const MAX_PREFIXES = 1_000;
const DIGEST_BYTES = 16;
/** Digests that share memory: a typed array of its own costs each as much as half the hash. */
const SHARED_DIGESTS = 256;

/**
 * A digester under the journal's seed: the hash of the body, XOR the one of app and command, which is
 * remembered (a second call into the hash costs as much as the body does).
 *
 * The hash is not cryptographic, and need not be: whoever could make a collision holds a token and
 * could as well send anything; the random seed keeps even them from preparing one.
 */
export async function createDigester(seed: Uint8Array): Promise<Digester> {
  const view = new DataView(seed.buffer, seed.byteOffset, seed.byteLength);
  const hasher = await createXXHash128(view.getUint32(0), view.getUint32(4));
  const prefixes = new Map<string, Uint8Array>();
  const hashOfPrefix = (name: string): Uint8Array => {
    let hash = prefixes.get(name);
    if (hash === undefined) {
      if (prefixes.size >= MAX_PREFIXES) prefixes.clear();
      hash = hasher.init().update(name).digest("binary");
      prefixes.set(name, hash);
    }
    return hash;
  };
  const place = createPlaces();
  return ({ app, command, requestId, body }) => {
    const prefix = hashOfPrefix(`${app}\n${command}`);
    hasher.init();
    if (requestId !== undefined) hasher.update(`${requestId}\n`);
    const digest = place();
    digest.setFromHex(hasher.update(body).digest("hex"));
    for (let at = 0; at < DIGEST_BYTES; at++) {
      digest[at] = (digest[at] ?? 0) ^ (prefix[at] ?? 0);
    }
    return digest;
  };
}

/** Gives out room for one digest after the other; none is given out twice. */
function createPlaces(): () => Uint8Array {
  let shared = new Uint8Array(0);
  let at = 0;
  return () => {
    if (at === shared.length) {
      shared = new Uint8Array(SHARED_DIGESTS * DIGEST_BYTES);
      at = 0;
    }
    return shared.subarray(at, at += DIGEST_BYTES);
  };
}
