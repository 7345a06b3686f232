/**
 * What a small command of the system prints; empty where it fails or does not exist.
 *
 * Deno itself reads nothing below /proc unless it may read, write and run everything.
 */
export async function commandOutput(
  command: string,
  args: readonly string[],
): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(command, {
      args: [...args],
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
