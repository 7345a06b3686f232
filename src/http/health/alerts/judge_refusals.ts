// Judges the refusals of callbacks that need a person.
import type { AnswerCode } from "../../../protocol/ack.ts";
import type { Rejects } from "../../callback/intake_stats.ts";
import type { AlertFinding, Severity } from "./alert.ts";
import { isPrivateSender } from "./private_sender.ts";

/** The alert that many requests with a code are. */
interface Suspicion {
  readonly kind: string;
  readonly severity: Severity;
  /** Requests within an hour that are an alert. */
  readonly fromHourly: number;
}

/** Wrong Signs are rare unless the token is wrong; strangers knock at any open port. */
const SUSPICIONS: { readonly [code in AnswerCode]?: Suspicion } = {
  50300: { kind: "notDurable", severity: "losing", fromHourly: 1 },
  50301: { kind: "queueFull", severity: "losing", fromHourly: 1 },
  40101: { kind: "wrongSign", severity: "losing", fromHourly: 3 },
  40102: { kind: "lateSign", severity: "losing", fromHourly: 3 },
  40100: { kind: "noSign", severity: "losing", fromHourly: 3 },
  40301: { kind: "senderRefused", severity: "losing", fromHourly: 1 },
  40302: { kind: "relayLoop", severity: "failing", fromHourly: 1 },
  40800: { kind: "slowBody", severity: "failing", fromHourly: 3 },
  41300: { kind: "largeBody", severity: "note", fromHourly: 3 },
  40300: { kind: "unknownApp", severity: "note", fromHourly: 20 },
  40500: { kind: "wrongMethod", severity: "note", fromHourly: 20 },
};

/** The refusals that came often enough within the last hour. */
export function refusalFindings(rejects: readonly Rejects[]): AlertFinding[] {
  return rejects.flatMap(({ code, lastHour: count, lastAddress: address }) => {
    const suspicion = SUSPICIONS[code];
    if (suspicion === undefined || count < suspicion.fromHourly) return [];
    const isHidden = code === 40301 && isPrivateSender(address);
    return [{
      kind: isHidden ? "senderHidden" : suspicion.kind,
      severity: suspicion.severity,
      params: { count, address },
      link: "/console/health",
    }];
  });
}
