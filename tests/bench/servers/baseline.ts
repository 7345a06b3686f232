/** What the servers imhook is compared with answer. */
export const OK_ACK = { ActionStatus: "OK", ErrorInfo: "", ErrorCode: 0 };

/**
 * Reads `127.0.0.1:8080`.
 *
 * @throws {TypeError} when there is no port
 */
export function hostAndPort(
  listen = "",
): { hostname: string; port: number } {
  const [hostname = "", port] = listen.split(":");
  if (port === undefined) {
    throw new TypeError("Cannot listen: no IMHOOK_LISTEN");
  }
  return { hostname, port: Number(port) };
}
