// The way of the API token to a server: loopback and https alone, and no proxy on loopback.
import { UsageError } from "../terminal/flags.ts";

/**
 * A way to this machine that no proxy of the environment is on: it would get the token. Undefined
 * for any other host.
 */
export function openDirect(base: string): Deno.HttpClient | undefined {
  const url = new URL(base);
  if (!isLoopback(url)) return undefined;
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  return Deno.createHttpClient({ proxy: { transport: "tcp", hostname, port } });
}

const LOOPBACK_REGEXP = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK_REGEXP.test(hostname);
}

/**
 * Makes sure that the token does not cross a network in the clear.
 *
 * @throws {UsageError} for http:// to another machine, unless that is wanted
 */
export function checkTransport(base: string, insecureHttp: boolean): void {
  const url = new URL(base);
  const isSafe = url.protocol === "https:" || isLoopback(url);
  if (isSafe || insecureHttp) return;
  throw new UsageError(
    `--url: "http://${url.host}" would get the token in the clear; expected https://, or --insecure-http on a network of your own`,
  );
}
