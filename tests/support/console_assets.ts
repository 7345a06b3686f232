// Writes src/http/console/assets.ts from the files in src/console: `deno task assets`.
import { fromFileUrl, join } from "@std/path";

const CONSOLE = fromFileUrl(new URL("../../src/console", import.meta.url));
const MODULE = new URL("../../src/http/console/assets.ts", import.meta.url);

/** Paths of the console's files below src/console, sorted; the page itself is not among them. */
export async function listConsoleFiles(folder = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(join(CONSOLE, folder))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory) paths.push(...await listConsoleFiles(path));
    else if (/\.(js|css|svg)$/.test(path)) paths.push(path);
  }
  return paths.sort();
}

/** The text of a console file. */
export async function readConsoleFile(path: string): Promise<string> {
  return await Deno.readTextFile(join(CONSOLE, path));
}

/** The module that carries the console's files into the binary, as `deno fmt` leaves it. */
export async function writeAssetsModule(): Promise<string> {
  const paths = await listConsoleFiles();
  const lines = [
    "// Made from src/console by `deno task assets`; a test fails when it is stale.",
    ...paths.map((path, index) => importLine(`asset${index}`, path)),
    importLine("page", "page.html"),
    "",
    "/** The console's one page. */",
    "export const PAGE: string = page;",
    "",
    "/** The files that the page loads, by path. */",
    "export const ASSETS: Readonly<Record<string, string>> = {",
    ...paths.map((path, index) => `  "${path}": asset${index},`),
    "};",
  ];
  return await format(lines.join("\n"));
}

function importLine(name: string, path: string): string {
  return `import ${name} from "../../console/${path}" with { type: "text" };`;
}

async function format(source: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=ts", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  return new TextDecoder().decode((await output).stdout);
}

if (import.meta.main) {
  await Deno.writeTextFile(MODULE, await writeAssetsModule());
}
