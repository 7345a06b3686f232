import { BlockList, isIP } from "node:net";

/** Test of an address against a set of networks; text that is no address is in none. */
export type NetworkTest = (address: string) => boolean;

const CIDR_REGEXP = /^([^/%]+)(?:\/(\d{1,3}))?$/;

/**
 * True when a text is an address, or a block of them in CIDR form.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * assert(isNetwork("10.0.0.0/8") && isNetwork("::1") && !isNetwork("10.0.0.0/33"));
 * ```
 */
export function isNetwork(text: string): boolean {
  const [, address = "", bits] = CIDR_REGEXP.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0) return false;
  return bits === undefined || Number(bits) <= (family === 4 ? 32 : 128);
}

/**
 * A test for these addresses and CIDR blocks. An IPv4 address that is written as IPv6
 * (`::ffff:10.0.0.1`) counts as itself.
 *
 * @throws {TypeError} when one of them is none
 */
export function networkTest(networks: readonly string[]): NetworkTest {
  const list = new BlockList();
  for (const network of networks) {
    if (!isNetwork(network)) {
      throw new TypeError(`Expected an address or a block, got "${network}"`);
    }
    const [address = "", bits] = network.split("/");
    const family = familyOf(address);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) =>
    isIP(address) !== 0 && list.check(address, familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return address.includes(":") ? "ipv6" : "ipv4";
}
