import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import { type AddressKind, type Reach, refusalOf } from "./address.ts";

/** Gives every address of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** An address that may not be reached. */
export class RefusedAddressError extends Error {
  override readonly name = "RefusedAddressError";
  readonly code = "ERR_REFUSED_ADDRESS";
  readonly kind: AddressKind;

  constructor(kind: AddressKind) {
    super(`Address refused: expected a public one, got a ${kind} one`);
    this.kind = kind;
  }
}

/** The system's resolver. */
export function systemResolve(hostname: string): Promise<LookupAddress[]> {
  return lookup(hostname, { all: true });
}

/**
 * Every address of a name, at least one.
 *
 * @throws {RefusedAddressError} when one of them may not be reached, even if others may: such a
 * name is a mistake or a trap
 */
export async function resolveChecked(
  hostname: string,
  { reach, resolve }: { readonly reach: Reach; readonly resolve: Resolve },
): Promise<LookupAddress[]> {
  const addresses = await resolve(hostname);
  for (const { address } of addresses) {
    const kind = refusalOf(address, reach);
    if (kind !== undefined) throw new RefusedAddressError(kind);
  }
  if (addresses.length === 0) throw noAddressError();
  return [...addresses];
}

/**
 * A lookup for sockets that checks every address. Sockets connect to the addresses given here and
 * resolve nothing again, so that a name cannot change its meaning between check and connection.
 */
export function checkedLookup(
  options: { readonly reach: Reach; readonly resolve: Resolve },
): LookupFunction {
  return (hostname, { all }, callback) => {
    resolveChecked(hostname, options).then((addresses) => {
      const [first] = addresses;
      if (all || first === undefined) callback(null, addresses);
      else callback(null, first.address, first.family);
    }).catch((error) => callback(error, []));
  };
}

/** Age up to which remembered addresses are used without a new look-up, and at the most, ms. */
const FRESH_MS = 5_000;
const STALE_MS = 60_000;

/**
 * A resolver that remembers: it gives known addresses at once, and looks them up anew in the background.
 * Addresses are checked at each connection all the same.
 */
export function rememberedResolve(
  resolve: Resolve,
  now: () => number = Date.now,
): Resolve {
  const known = new Map<
    string,
    { readonly addresses: readonly LookupAddress[]; readonly atMs: number }
  >();
  const look: Resolve = async (hostname) => {
    const addresses = await resolve(hostname);
    known.set(hostname, { addresses, atMs: now() });
    return addresses;
  };
  return async (hostname) => {
    const entry = known.get(hostname);
    const ageMs = entry === undefined ? Infinity : now() - entry.atMs;
    if (entry === undefined || ageMs > STALE_MS) return await look(hostname);
    if (ageMs > FRESH_MS) look(hostname).catch(() => {/* the known ones do */});
    return entry.addresses;
  };
}

function noAddressError(): Error {
  return Object.assign(new Error("No address"), { code: "ENOTFOUND" });
}
