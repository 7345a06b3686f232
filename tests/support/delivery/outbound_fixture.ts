import type {
  ExchangeOutcome,
  Outbound,
  Posting,
} from "../../../src/delivery/outbound/outbound.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import type { Resolve } from "../../../src/delivery/outbound/dns.ts";

/** A posting with nothing but the URL left out. */
export const POSTING = {
  headers: { "content-type": "application/json" },
  body: '{"a":"é"}',
  timeoutMs: 5000,
  connectTimeoutMs: 5000,
  maxResponseBytes: 1000,
};

/** A resolver that knows every name as these addresses. */
export function resolvesTo(...addresses: readonly string[]): Resolve {
  return () =>
    Promise.resolve(addresses.map((address) => ({
      address,
      family: address.includes(":") ? 6 : 4,
    })));
}

/** Posts once to a port of this machine, over a way out that is closed again. */
export async function postOnce(
  port: number,
  posting: Partial<Posting> = {},
): Promise<ExchangeOutcome> {
  using outbound = openLocal();
  return await postTo(outbound, port, posting);
}

/** A way out that reaches this machine. */
export function openLocal(): Outbound {
  return openOutbound({ reach: "loopback" });
}

/** Posts once more over an open way out. */
export function postTo(
  outbound: Outbound,
  port: number,
  posting: Partial<Posting> = {},
): Promise<ExchangeOutcome> {
  const url = `http://127.0.0.1:${port}/hook?key=hidden`;
  return outbound.post({ url, ...POSTING, ...posting });
}

/** An outcome in short, to compare: a status, or a reason. */
export function shortOf(outcome: ExchangeOutcome): number | string {
  return outcome.kind === "answer" ? outcome.status : outcome.reason;
}
