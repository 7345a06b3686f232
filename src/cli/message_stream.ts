/** One server-sent event; a heartbeat has no data. */
export interface Message {
  readonly id: string | undefined;
  readonly data: string | undefined;
}

/**
 * Reads server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html). What is not
 * closed by an empty line when the stream ends is dropped, as the standard has it.
 */
export async function* readMessages(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Message> {
  let id: string | undefined;
  let data: string[] = [];
  for await (const line of readLines(chunks)) {
    const [, name, value = ""] = /^([^:]+)(?::(?: )?(.*))?$/s.exec(line) ?? [];
    if (name === "id") id = value;
    else if (name === "data") data.push(value);
    else if (line === "" && (id !== undefined || data.length > 0)) {
      yield { id, data: data.length === 0 ? undefined : data.join("\n") };
      id = undefined;
      data = [];
    }
  }
}

async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const [first = "", ...rest] = decoder.decode(chunk, { stream: true })
      .split("\n");
    pieces.push(first);
    for (const piece of rest) {
      yield pieces.join("").replace(/\r$/, "");
      pieces = [piece];
    }
  }
}
