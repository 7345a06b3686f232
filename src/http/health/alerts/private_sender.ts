// Tells a proxy's address from a stranger's.
import { networkTest } from "../../../base/networks.ts";

const isPrivate = networkTest([
  ...["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
  ...["169.254.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7", "fe80::/10"],
]);

/** True when a sender is this machine, a private network or a unix socket: most likely a proxy of ours. */
export function isPrivateSender(address: string): boolean {
  return address === "local" || address === "unix" || isPrivate(address);
}
