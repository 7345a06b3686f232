// Logins without TLS, where --insecure-console lets them in (design §7).
import { addressKind } from "../../delivery/outbound/address.ts";

/** Headers that a proxy adds: behind one the peer's own address says nothing. */
const FORWARDING_HEADERS = [
  ...["forwarded", "via", "x-real-ip"],
  ...["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
];

/**
 * True when a request comes straight from this machine or a private network, by the peer's own address:
 * only then may the console be used over plain http.
 */
export function isFromPrivatePeer(
  { headers }: Request,
  peerAddress: string,
): boolean {
  if (FORWARDING_HEADERS.some((name) => headers.has(name))) return false;
  const kind = addressKind(peerAddress);
  return kind === "loopback" || kind === "private";
}
