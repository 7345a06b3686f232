import { createXXHash128 } from "hash-wasm";

/** What tells one callback from another; RequestID counts only where the body has no EventTime. */
export interface DigestInput {
  readonly app: number;
  readonly command: string;
  readonly requestId?: string | undefined;
  readonly body: Uint8Array;
}

/** Computes a callback's 16-byte digest. */
export type Digester = (input: DigestInput) => Uint8Array;

const MAX_PREFIXES = 1_000;

/**
 * A digester under the journal's seed.
 *
 * The hash is not cryptographic, and need not be: whoever could make a collision holds a token and
 * could as well send anything; the random seed keeps even them from preparing one.
 */
export async function createDigester(seed: Uint8Array): Promise<Digester> {
  const view = new DataView(seed.buffer, seed.byteOffset, seed.byteLength);
  const hasher = await createXXHash128(view.getUint32(0), view.getUint32(4));
  const encoder = new TextEncoder();
  const prefixes = new Map<string, Uint8Array>();
  return ({ app, command, requestId, body }) => {
    const name = `${app}\n${command}\n`;
    let prefix = prefixes.get(name);
    if (prefix === undefined) {
      if (prefixes.size >= MAX_PREFIXES) prefixes.clear();
      prefix = encoder.encode(name);
      prefixes.set(name, prefix);
    }
    hasher.init().update(prefix);
    if (requestId !== undefined) hasher.update(`${requestId}\n`);
    return hasher.update(body).digest("binary");
  };
}
