// Looks at the public URL as Tencent reaches it: its name, its certificate, its answer, and what else is open.
import { lookup } from "node:dns/promises";
import { connect, type PeerCertificate } from "node:tls";
import { explainFailure } from "../client/failures.ts";

/** The public URL as it is seen from outside. */
export interface OutsideSight {
  readonly url: URL;
  readonly addresses: readonly string[] | { readonly reason: string };
  /** Undefined where TLS is not spoken, or there was no connection. */
  readonly certificate: CertificateSight | undefined;
  readonly answer: AnswerSight;
  /** Answers at imhook's own paths; undefined where nothing answered. */
  readonly paths: readonly {
    readonly path: string;
    readonly answer: PathSight | undefined;
  }[];
}

/** A server's certificate. */
export interface CertificateSight {
  readonly validToMs: number;
  readonly validFromMs: number;
  /** DNS names and addresses that it is for. */
  readonly names: readonly string[];
  /** Why no authority known here vouches for it. */
  readonly distrust: string | undefined;
}

/** The public URL's answer to an empty callback. */
export type AnswerSight =
  | {
    readonly ok: true;
    readonly status: number;
    /** True when it is the Ack that imhook gives a probe. */
    readonly isAck: boolean;
    readonly ms: number;
  }
  | { readonly ok: false; readonly reason: string };

/** The answer of a path. */
export interface PathSight {
  readonly status: number;
  /** True when imhook itself answered. */
  readonly isImhook: boolean;
}

/** Paths that are for imhook's own users, and must not be open to everybody. */
const OWN_PATHS = ["/v1/events", "/metrics", "/console"];

const TIMEOUT_MS = 10_000;
const MAX_BODY_CHARS = 4_096;
const IMHOOK_REGEXP = /imhook/i;

/** Looks at a URL. Never throws for what the network does. */
export async function lookOutside(url: URL): Promise<OutsideSight> {
  const addresses = await lookUp(url.hostname);
  if (!("length" in addresses)) {
    const answer = { ok: false, reason: addresses.reason } as const;
    return { url, addresses, certificate: undefined, answer, paths: [] };
  }
  const certificate = url.protocol === "https:"
    ? await readCertificate(url)
    : undefined;
  const answer = await askCallbackPath(url);
  const paths: OutsideSight["paths"][number][] = [];
  for (const path of answer.ok ? OWN_PATHS : []) {
    paths.push({ path, answer: await askPath(url, path) });
  }
  return { url, addresses, certificate, answer, paths };
}

async function lookUp(
  hostname: string,
): Promise<readonly string[] | { readonly reason: string }> {
  const host = hostname.replace(/^\[|\]$/g, "");
  try {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    return { reason: String(code) };
  }
}

/** The certificate that the server shows. Nothing is sent: whoever it is learns nothing. */
function readCertificate(url: URL): Promise<CertificateSight | undefined> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    const socket = connect({
      host,
      servername: host,
      port: Number(url.port) || 443,
      // It is judged here, with words for each fault.
      rejectUnauthorized: false,
    }, () => {
      const distrust = socket.authorized
        ? undefined
        : String(socket.authorizationError);
      resolve(certificateSight(socket.getPeerCertificate(), distrust));
      socket.destroy();
    });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(undefined));
  });
}

function certificateSight(
  certificate: PeerCertificate,
  distrust: string | undefined,
): CertificateSight {
  const { valid_to: to, valid_from: from, subjectaltname } = certificate;
  return {
    validToMs: Date.parse(to),
    validFromMs: Date.parse(from),
    names: (subjectaltname ?? "").split(", ").map((name) =>
      name.replace(/^(DNS|IP Address):/, "")
    ),
    distrust,
  };
}

/** Sends what Tencent's check button may send: imhook answers, and keeps nothing. */
async function askCallbackPath(url: URL): Promise<AnswerSight> {
  const startMs = performance.now();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await readStart(response);
    const ms = Math.round(performance.now() - startMs);
    const isAck = response.status === 200 && isOkAck(text);
    return { ok: true, status: response.status, isAck, ms };
  } catch (error) {
    return { ok: false, reason: explainFailure(error, "--public").reason };
  }
}

async function askPath(
  url: URL,
  path: string,
): Promise<PathSight | undefined> {
  try {
    const response = await fetch(new URL(path, url), {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status, headers } = response;
    const words = [
      headers.get("www-authenticate") ?? "",
      await readStart(response),
    ];
    return { status, isImhook: words.some((text) => IMHOOK_REGEXP.test(text)) };
  } catch (error) {
    // A connection that is closed without an answer is as closed as can be.
    explainFailure(error, "--public");
    return undefined;
  }
}

async function readStart(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  // Leaving the loop early cancels the rest of the body.
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BODY_CHARS) break;
  }
  return text;
}

function isOkAck(text: string): boolean {
  try {
    const ack: unknown = JSON.parse(text);
    return typeof ack === "object" && ack !== null &&
      "ActionStatus" in ack && ack.ActionStatus === "OK" &&
      "ErrorCode" in ack && ack.ErrorCode === 0;
  } catch {
    // No JSON, and so no Ack.
    return false;
  }
}
