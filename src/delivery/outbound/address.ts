import { isIPv4, isIPv6 } from "node:net";

/** How far outbound requests may reach. */
export type Reach =
  /** The internet alone: the default. */
  | "public"
  /** And this machine: the sandbox. */
  | "loopback"
  /** Everything: `--allow-private-endpoints`. */
  | "private";

/** Why an address is no public one. */
export type AddressKind = "loopback" | "link-local" | "private" | "reserved";

type Range = readonly [prefix: string, bits: number, kind: AddressKind];

/** IANA's special-purpose registry, and what clouds answer secrets on. */
const IPV4_RANGES: readonly Range[] = [
  ["0.0.0.0", 8, "reserved"], // 0.0.0.0 reaches this machine
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "private"], // shared; metadata of Alibaba Cloud
  ["127.0.0.0", 8, "loopback"],
  ["168.63.129.16", 32, "link-local"], // Azure's, a public address in name only
  ["169.254.0.0", 16, "link-local"], // metadata of nearly every cloud
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "reserved"], // metadata of Oracle Cloud
  ["192.0.2.0", 24, "reserved"],
  ["192.88.99.0", 24, "reserved"], // 6to4 relays
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "reserved"],
  ["198.51.100.0", 24, "reserved"],
  ["203.0.113.0", 24, "reserved"],
  ["224.0.0.0", 4, "reserved"], // multicast
  ["240.0.0.0", 4, "reserved"], // and broadcast
];

const IPV6_RANGES: readonly Range[] = [
  ["::1", 128, "loopback"],
  ["fc00::", 7, "private"],
  ["fe80::", 10, "link-local"],
  ["fec0::", 10, "private"],
  ["2001::", 23, "reserved"], // Teredo, ORCHID, benchmarks
  ["2001:db8::", 32, "reserved"],
  ["2002::", 16, "reserved"], // 6to4: holds any IPv4 address
  ["3fff::", 20, "reserved"],
];
/** Whatever is neither global unicast nor named above is reserved. */
const GLOBAL_UNICAST: Range = ["2000::", 3, "reserved"];
/** The last 32 bits are the IPv4 address that is reached: mapped, and NAT64. */
const IPV4_IN_IPV6 = [["::ffff:0:0", 96], ["64:ff9b::", 96]] as const;

/**
 * What kind of non-public address this is; undefined for a public one. Takes addresses as a
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
  if (isIPv4(address)) return ipv4Kind(ipv4Bits(address));
  // A zone ("fe80::1%eth0") names an interface of this machine.
  if (!isIPv6(address) || address.includes("%")) return "reserved";
  const bits = ipv6Bits(address);
  const isCarrier = IPV4_IN_IPV6.some(([prefix, length]) =>
    isWithin(bits, { base: ipv6Bits(prefix), length, width: 128 })
  );
  return isCarrier ? ipv4Kind(bits & 0xffff_ffffn) : ipv6Kind(bits);
}

/** Why this address may not be reached; undefined when it may. */
export function refusalOf(
  address: string,
  reach: Reach,
): AddressKind | undefined {
  if (reach === "private") return undefined;
  const kind = addressKind(address);
  return kind === "loopback" && reach === "loopback" ? undefined : kind;
}

function ipv4Kind(bits: bigint): AddressKind | undefined {
  return IPV4_RANGES.find(([prefix, length]) =>
    isWithin(bits, { base: ipv4Bits(prefix), length, width: 32 })
  )?.[2];
}

function ipv6Kind(bits: bigint): AddressKind | undefined {
  const inRange = ([prefix, length]: Range) =>
    isWithin(bits, { base: ipv6Bits(prefix), length, width: 128 });
  const found = IPV6_RANGES.find(inRange);
  if (found !== undefined) return found[2];
  return inRange(GLOBAL_UNICAST) ? undefined : "reserved";
}

function isWithin(
  bits: bigint,
  { base, length, width }: {
    readonly base: bigint;
    readonly length: number;
    readonly width: number;
  },
): boolean {
  const shift = BigInt(width - length);
  return bits >> shift === base >> shift;
}

function ipv4Bits(address: string): bigint {
  return address.split(".").reduce(
    (bits, part) => bits << 8n | BigInt(part),
    0n,
  );
}

function ipv6Bits(address: string): bigint {
  // The last part may be an IPv4 address in dots.
  const tail = /[^:]*\.[^:]*$/.exec(address)?.[0];
  const hex = tail === undefined ? address : address.slice(0, -tail.length) +
    hexOf(ipv4Bits(tail) >> 16n) + ":" + hexOf(ipv4Bits(tail) & 0xffffn);
  const [head = "", rest] = hex.split("::");
  const left = groupsOf(head);
  const right = groupsOf(rest ?? "");
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].reduce(
    (bits, group) => bits << 16n | BigInt(`0x${group}`),
    0n,
  );
}

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":");
}

function hexOf(bits: bigint): string {
  return bits.toString(16);
}
