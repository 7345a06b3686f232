const HEAD_END = "\r\n\r\n";
const LENGTH_REGEXP = /\r\ncontent-length: *(\d+)\r\n/i;
const MAX_RESPONSE_BYTES = 16_384;

/** A kept-alive HTTP/1.1 connection to this machine, with one request at a time. */
export class Connection implements Disposable {
  #socket: Deno.Conn;
  #buffer = new Uint8Array(MAX_RESPONSE_BYTES);
  #decoder = new TextDecoder("latin1");

  constructor(socket: Deno.Conn) {
    this.#socket = socket;
  }

  /** Opens a connection to this port of 127.0.0.1. */
  static async open(port: number): Promise<Connection> {
    return new Connection(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /**
   * Sends a request, reads the whole response and says whether its status is 2xx.
   *
   * @throws {TypeError} when the response has no Content-Length or is cut short
   */
  async send(request: Uint8Array): Promise<boolean> {
    let sent = await this.#socket.write(request);
    while (sent < request.length) {
      sent += await this.#socket.write(request.subarray(sent));
    }
    return await this.#readResponse();
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  async #readResponse(): Promise<boolean> {
    const buffer = this.#buffer;
    let filled = 0;
    while (filled < buffer.length) {
      const count = await this.#socket.read(buffer.subarray(filled));
      if (count === null) break;
      filled += count;
      const text = this.#decoder.decode(buffer.subarray(0, filled));
      const headEnd = text.indexOf(HEAD_END);
      if (headEnd === -1) continue;
      const length = LENGTH_REGEXP.exec(text)?.[1];
      if (length === undefined) break;
      if (filled >= headEnd + HEAD_END.length + Number(length)) {
        return text.startsWith("HTTP/1.1 2");
      }
    }
    throw new TypeError(
      "Cannot read response: expected Content-Length and a body that long",
    );
  }
}
