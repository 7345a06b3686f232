import { assertEquals } from "@std/assert";
import { growthOf, type SoakSample } from "./samples.ts";

const FLAT: SoakSample = {
  minute: 1,
  memoryMb: 200,
  descriptors: 160,
  walMb: 4,
  streamLag: 20,
  consumerLag: 20,
  endpointLag: 20,
  directoryLag: 20,
  ackP99Ms: 5,
  cores: 0.5,
};

function run(changes: (at: number) => Partial<SoakSample>): SoakSample[] {
  return Array.from({ length: 12 }, (_, at) => ({ ...FLAT, ...changes(at) }));
}

Deno.test("growthOf() finds nothing in a run that is flat after its start", () => {
  const memoryMb = (at: number) => at < 4 ? 100 + 20 * at : 200;

  assertEquals(growthOf(run((at) => ({ memoryMb: memoryMb(at) }))), []);
});

Deno.test("growthOf() tells what grows to the end", () => {
  const samples = run((at) => ({
    memoryMb: 200 + 20 * at,
    endpointLag: 900 * at,
  }));

  assertEquals(growthOf(samples), [
    "memoryMb grew from 310 to 390",
    "endpointLag grew from 4,950 to 8,550",
  ]);
});

Deno.test("growthOf() says that a run was too short", () => {
  assertEquals(growthOf(run(() => ({})).slice(0, 2)), [
    "The run was too short to tell",
  ]);
});
