import { isIP } from "node:net";
import { networkTest } from "../../base/networks.ts";

/** Reads the address of a request's sender, as far as it can be believed. */
export type ClientAddress = (
  request: Request,
  info: { readonly remoteAddr: Deno.Addr },
) => string;

/** The peer of a unix socket, which has no address. */
const UNIX = "unix";

const PORT_REGEXP = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/;

/**
 * Reads the address of a request's sender: the peer's, or, where that is a trusted proxy, the
 * right-most address of X-Forwarded-For that is not one. What stands further left may be anybody's
 * invention. Behind nothing but trusted proxies it is the left-most of them; an entry that is no
 * address ends the reading.
 */
export function createClientAddress(
  trustedProxies: readonly string[] = [],
): ClientAddress {
  if (trustedProxies.length === 0) return (_request, info) => peerOf(info);
  const isInBlock = networkTest(trustedProxies.filter((it) => it !== UNIX));
  const trustsUnix = trustedProxies.includes(UNIX);
  const isTrusted = (address: string) =>
    address === UNIX ? trustsUnix : isInBlock(address);
  return (request, info) => {
    let address = peerOf(info);
    const hops = hopsOf(request);
    while (isTrusted(address)) {
      const hop = hops.pop();
      if (hop === undefined) break;
      address = hop;
    }
    return address;
  };
}

function peerOf({ remoteAddr }: { readonly remoteAddr: Deno.Addr }): string {
  return "hostname" in remoteAddr ? remoteAddr.hostname : UNIX;
}

/** Proxies stand at the end of X-Forwarded-For; before that a stranger may have put any length. */
const MAX_HOPS_CHARS = 2_048;

/** The addresses that proxies have added, up to the last entry that is none. */
function hopsOf(request: Request): string[] {
  const sent = request.headers.get("x-forwarded-for") ?? "";
  // An entry that is cut in the middle is none.
  const header = sent.length > MAX_HOPS_CHARS
    ? sent.slice(-MAX_HOPS_CHARS).replace(/^[^,]*/, "")
    : sent;
  const hops = header.split(",").map(withoutPort);
  return hops.slice(hops.findLastIndex((hop) => isIP(hop) === 0) + 1);
}

function withoutPort(entry: string): string {
  const text = entry.trim();
  const [, bracketed, plain] = PORT_REGEXP.exec(text) ?? [];
  return bracketed ?? plain ?? text;
}
