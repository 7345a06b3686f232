import { isIP } from "node:net";
import { type NetworkTest, networkTest } from "../../base/networks.ts";

/** Reach of outbound requests beyond the internet. */
export type Reach =
  /** Not at all: the default. */
  | "public"
  /** To this machine: the sandbox. */
  | "loopback"
  /** To this machine and any private network. */
  | "private"
  /** To the addresses that this test accepts. */
  | NetworkTest;

/** The reason why an address is not a public one. */
export type AddressKind =
  | "metadata"
  | "loopback"
  | "link-local"
  | "private"
  | "reserved";

/**
 * IANA's special-purpose registries, and the addresses on which clouds hand out credentials. An
 * address has the first kind that names it.
 */
const RANGES: readonly (readonly [AddressKind, NetworkTest])[] = [
  [
    "metadata",
    networkTest([
      "100.100.100.200", // Alibaba Cloud
      "168.63.129.16", // Azure
      "192.0.0.192", // Oracle Cloud
      "fd00:ec2::254", // AWS
      "fd20:ce::254", // Google Cloud
    ]),
  ],
  ["loopback", networkTest(["127.0.0.0/8", "::1"])],
  [
    "link-local",
    networkTest([
      "169.254.0.0/16", // metadata of nearly every cloud
      "fe80::/10",
    ]),
  ],
  [
    "private",
    networkTest([
      "10.0.0.0/8",
      "100.64.0.0/10", // shared by carriers
      "172.16.0.0/12",
      "192.168.0.0/16",
      "fc00::/7",
      "fec0::/10",
    ]),
  ],
  [
    "reserved",
    networkTest([
      "0.0.0.0/8", // 0.0.0.0 reaches this machine
      "192.0.0.0/24",
      "192.0.2.0/24",
      "192.88.99.0/24", // 6to4 relays
      "198.18.0.0/15",
      "198.51.100.0/24",
      "203.0.113.0/24",
      "224.0.0.0/4", // multicast
      "240.0.0.0/4", // and broadcast
      "2001::/23", // Teredo, ORCHID, benchmarks
      "2001:db8::/32",
      "2002::/16", // 6to4: holds any IPv4 address
      "3fff::/20",
    ]),
  ],
];

const isGlobalUnicast = networkTest(["2000::/3"]);

/** These are never reached: whoever may name a URL could read a machine's credentials there. */
const NEVER_REACHED: ReadonlySet<AddressKind> = new Set<AddressKind>([
  "metadata",
  "link-local",
]);

/** IPv6 forms that reach the IPv4 address in their last 32 bits: mapped, and NAT64. */
const MAPPED_REGEXP = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/;
const NAT64_REGEXP = /^64:ff9b::(?:([0-9a-f]+):)?([0-9a-f]*)$/;

/**
 * The kind of a non-public address; undefined for a public one. Takes addresses as a
 * resolver or `URL.hostname` (without brackets) spells them; what is no address is reserved.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(addressKind("169.254.169.254"), "link-local");
 * assertEquals(addressKind("::ffff:10.0.0.1"), "private");
 * assertEquals(addressKind("1.1.1.1"), undefined);
 * ```
 */
export function addressKind(address: string): AddressKind | undefined {
  // A zone ("fe80::1%eth0") names an interface of this machine.
  if (address.includes("%")) return "link-local";
  if (isIP(address) === 0) return "reserved";
  const reached = reachedAddress(address);
  const named = RANGES.find(([, includes]) => includes(reached))?.[0];
  const isPublic = isIP(reached) === 4 || isGlobalUnicast(reached);
  return named ?? (isPublic ? undefined : "reserved");
}

/** The reason why this address may not be reached; undefined when it may. */
export function refusalOf(
  address: string,
  reach: Reach,
): AddressKind | undefined {
  const kind = addressKind(address);
  if (kind === undefined || NEVER_REACHED.has(kind)) return kind;
  return isWithin(reach, { address, kind }) ? undefined : kind;
}

function isWithin(
  reach: Reach,
  { address, kind }: { readonly address: string; readonly kind: AddressKind },
): boolean {
  if (typeof reach === "function") return reach(reachedAddress(address));
  return reach === "private" || kind === reach;
}

/** The IPv4 address inside an IPv6 one that carries it; any other address itself. */
function reachedAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  // URL parsing brings every spelling into one.
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const carried = MAPPED_REGEXP.exec(text) ?? NAT64_REGEXP.exec(text);
  if (carried === null) return text;
  const [high, low] = [carried[1], carried[2]].map((group) =>
    Number.parseInt(group || "0", 16)
  );
  return [high ?? 0, low ?? 0].flatMap((group) => [group >> 8, group & 255])
    .join(".");
}
