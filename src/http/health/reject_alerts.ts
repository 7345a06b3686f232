import { networkTest } from "../../base/networks.ts";
import type { AnswerCode } from "../../protocol/ack.ts";
import type { Rejects } from "../callback/intake_stats.ts";
import type { Alert } from "./alert.ts";

/** What is odd about requests with a code, and what may be behind it. */
interface Suspicion {
  /** So many within an hour are told. */
  readonly fromHourly: number;
  /** Completes "12 requests ". */
  readonly what: string;
  readonly hint: string;
}

/** Wrong Signs are rare unless the token is wrong; strangers knock at any open port. */
const SUSPICIONS: { readonly [code in AnswerCode]?: Suspicion } = {
  40100: {
    fromHourly: 3,
    what: "without a Sign",
    hint: "Is authentication switched on in Tencent's console?",
  },
  40101: {
    fromHourly: 3,
    what: "with a wrong Sign",
    hint: "Is the token here the one in Tencent's console?",
  },
  40102: {
    fromHourly: 3,
    what: "with a RequestTime more than a minute off",
    hint: "Is this machine's clock right?",
  },
  40300: {
    fromHourly: 20,
    what: "of no configured app",
    hint: "Is an app's IMHOOK_APP_<SdkAppid> missing, or is it a scanner?",
  },
  40301: {
    fromHourly: 1,
    what: "from an address that IMHOOK_ALLOWED_SENDERS does not hold",
    hint: "Is it Tencent's? Then add it, or its callbacks are lost.",
  },
  40302: {
    fromHourly: 1,
    what: "that had come through this journal already",
    hint: "Do two relays lead to each other?",
  },
  40500: {
    fromHourly: 20,
    what: "by another method than POST",
    hint: "It may be a scanner.",
  },
  40800: {
    fromHourly: 3,
    what: "whose body did not arrive in time",
    hint: "Is a proxy or the network slow?",
  },
  41300: {
    fromHourly: 3,
    what: "with a body that is too large",
    hint: "Tencent sends none of that size.",
  },
  50300: {
    fromHourly: 1,
    what: "that could not be kept in time",
    hint: "The log says what the store's trouble was.",
  },
  50301: {
    fromHourly: 1,
    what: "that found the queue full",
    hint: "More came in than the disk can take.",
  },
};

/** Addresses of private networks and of this machine: a sender's cannot be among them. */
const PRIVATE_NETWORKS = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"],
  ...["100.64.0.0/10", "169.254.0.0/16", "::1", "fc00::/7", "fe80::/10"],
];

/** Whether an address is a proxy's in front of this server, and not a sender's. */
function isProxyAddress(address: string): boolean {
  return address === "unix" || networkTest(PRIVATE_NETWORKS)(address);
}

/** What is refused often enough that a person should know. */
export function rejectAlerts(rejects: readonly Rejects[]): readonly Alert[] {
  return rejects.flatMap((row) => {
    const suspicion = SUSPICIONS[row.code];
    if (suspicion === undefined || row.lastHour < suspicion.fromHourly) {
      return [];
    }
    const { code, lastHour: count, lastAddress: address } = row;
    const hint = code === 40301 && isProxyAddress(address)
      ? "It is a proxy's: set TRUSTED_PROXIES, or every callback is lost."
      : suspicion.hint;
    const requests = count === 1 ? "1 request" : `${count} requests`;
    return [{
      kind: "rejectsRising",
      text:
        `${requests} ${suspicion.what} in the last hour, the last one from ${address}. ${hint}`,
      params: { code, count, address },
    }];
  });
}
