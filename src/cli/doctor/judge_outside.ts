// Judges what was seen of the public URL. Pure.
import { networkTest } from "../../base/networks.ts";
import type { Verdict } from "../../http/health/checks/check.ts";
import type { CertificateSight, OutsideSight } from "./outside.ts";

/** Tencent waits for 2 s in all. */
const SLOW_MS = 1_000;

/** Ranges that no address of Tencent reaches. */
const isPrivate = networkTest([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "::1",
  "fc00::/7",
  "fe80::/10",
]);

/** Every check of the public URL; one that was not named is one check that was passed over. */
export function judgeOutside(
  sight: OutsideSight | undefined,
  nowMs: number,
): readonly Verdict[] {
  if (sight === undefined) {
    return [{ name: "publicUrl", status: "skipped", text: "noPublic" }];
  }
  return [
    judgeName(sight),
    judgeCertificate(sight, nowMs),
    judgeAnswer(sight),
    judgeClosed(sight),
  ].filter((verdict) => verdict !== undefined);
}

function judgeName({ url, addresses }: OutsideSight): Verdict {
  const name = "dns";
  const host = url.hostname;
  if ("reason" in addresses) {
    const params = { host, reason: addresses.reason };
    return { name, status: "fail", text: "dnsFailed", params };
  }
  const params = { host, addresses: addresses.join(", ") };
  return addresses.every(isPrivate)
    ? { name, status: "warn", text: "dnsPrivate", params }
    : { name, status: "ok", text: "dnsOk", params };
}

function judgeCertificate(
  { url: { hostname: host, protocol }, certificate }: OutsideSight,
  nowMs: number,
): Verdict | undefined {
  const name = "certificate";
  const params = { host };
  if (protocol !== "https:") {
    return { name, status: "warn", text: "certificatePlain", params };
  }
  // Without a connection the next check says why.
  if (certificate === undefined) return undefined;
  const { validToMs, validFromMs, names, distrust } = certificate;
  if (nowMs > validToMs) {
    return { name, status: "fail", text: "certificateExpired", params };
  }
  if (!isFor(names, host)) {
    return { name, status: "fail", text: "certificateOtherName", params };
  }
  const reason = distrust ?? (nowMs < validFromMs ? "CERT_NOT_YET_VALID" : "");
  return reason === ""
    ? { name, status: "ok", text: "certificateOk", params }
    : {
      name,
      status: "fail",
      text: "certificateUntrusted",
      params: { host, reason },
    };
}

function judgeAnswer({ answer }: OutsideSight): Verdict {
  const name = "publicUrl";
  if (!answer.ok) {
    const params = { reason: answer.reason };
    return { name, status: "fail", text: "publicUnreachable", params };
  }
  const { status, isAck, ms } = answer;
  if (!isAck) {
    return {
      name,
      status: "fail",
      text: "publicNotImhook",
      params: { status },
    };
  }
  return ms > SLOW_MS
    ? { name, status: "warn", text: "publicSlow", params: { ms } }
    : { name, status: "ok", text: "publicOk", params: { ms } };
}

function judgeClosed({ paths }: OutsideSight): Verdict {
  const name = "closed";
  if (paths.length === 0) {
    return { name, status: "skipped", text: "closedUnknown" };
  }
  const open = paths.find(({ answer }) =>
    answer?.isImhook && answer.status !== 404
  );
  return open?.answer === undefined
    ? { name, status: "ok", text: "closedOk" }
    : {
      name,
      status: "fail",
      text: "closedOpen",
      params: { path: open.path, status: open.answer.status },
    };
}

/** True when one of a certificate's names is this host; a star stands for one label. */
function isFor(names: CertificateSight["names"], host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  const parent = bare.slice(bare.indexOf(".") + 1);
  return names.some((name) => {
    const known = name.toLowerCase();
    return known === bare || known === `*.${parent}`;
  });
}
