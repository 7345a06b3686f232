/** What is imported. */
export interface ImportSource {
  /** As a person is told of it. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Undefined where nobody knows it before the end. */
  readonly sizeBytes: number | undefined;
}

/** Opens a file, or standard input for "-". */
export async function openImportSource(path: string): Promise<ImportSource> {
  if (path === "-") {
    const chunks = Deno.stdin.readable;
    return { name: "standard input", chunks, sizeBytes: undefined };
  }
  try {
    const file = await Deno.open(path);
    const { size, isFile } = await file.stat();
    const sizeBytes = isFile ? size : undefined;
    return { name: path, chunks: file.readable, sizeBytes };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot read "${path}": ${reason}`, { cause });
  }
}
