import { join } from "@std/path";

/** A small file system of a test's own. */
export interface Tmpfs extends AsyncDisposable {
  readonly path: string;
  /** Takes so many bytes away, until the file is removed again. */
  readonly addBallast: (bytes: number) => Promise<() => Promise<void>>;
}

/** The reason why this machine lets us mount none; undefined where it does. */
export async function whyNoTmpfs(): Promise<string | undefined> {
  try {
    await using _ = await mountTmpfs("64k");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Mounts one of this size, until it is disposed.
 *
 * @throws {Error} with what `mount` said
 */
export async function mountTmpfs(size: string): Promise<Tmpfs> {
  const path = await Deno.makeTempDir({ prefix: "imhook-tmpfs-" });
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  } catch (error) {
    await Deno.remove(path);
    throw error;
  }
  return {
    path,
    addBallast: async (bytes) => {
      const ballast = join(path, "ballast");
      await Deno.writeFile(ballast, new Uint8Array(bytes));
      return () => Deno.remove(ballast);
    },
    [Symbol.asyncDispose]: async () => {
      await run("umount", [path]);
      await Deno.remove(path);
    },
  };
}

async function run(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
}
