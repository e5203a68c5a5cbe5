import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LabEffects } from "../../../src/commands/replay-lab-effects.ts";
import type { Json } from "../../../src/model/api.ts";
import type { AdversaryId } from "../../../src/model/replay-report.ts";
import type { Lab, Stage } from "../../../src/scenarios/lab/stage.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";

/** The real labs, with every canary of theirs noted, and each object made as `adapt` has it. */
export function watchedLabs(
  labs: LabEffects["labs"],
  noted: Set<string>,
  adapt: (object: Json) => Json = (object) => object,
): LabEffects["labs"] {
  const watched = (lab: Lab): Lab => ({
    ...lab,
    objects: (place, twin) => lab.objects(place, twin).map(adapt),
    attack(stage, twin) {
      noted.add(twin.canary.value);
      const make = (object: Json): Promise<Json> => stage.make(adapt(object));
      const canary = (): ReturnType<Stage["canary"]> => {
        const minted = stage.canary();
        noted.add(minted.value);
        return minted;
      };
      return lab.attack({ ...stage, make, canary }, twin);
    },
  });
  return async () =>
    Object.fromEntries(Object.entries(await labs()).map(([id, lab]) => [id, watched(lab)])) as Record<AdversaryId, Lab>;
}

/** Notes every value that a Secret of a lab ever has: processes in containers make some of their own. Ends with `stop`. */
export function watchSecrets({ kubectl, adminKubeconfig }: ControlPlane, noted: Set<string>): { stop(): void } {
  const template = '{{.metadata.namespace}}{{range $key, $value := .data}} {{$value}}{{end}}{{"\\n"}}';
  const args = ["get", "secrets", "--all-namespaces", "--watch", `--output=go-template=${template}`];
  const child = spawn(kubectl, [`--kubeconfig=${adminKubeconfig}`, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [namespace = "", ...values] = line.split(" ");
    if (!namespace.startsWith("cronaudit-lab-")) return;
    for (const value of values.filter(Boolean)) noted.add(Buffer.from(value, "base64").toString());
  });
  return { stop: () => void child.kill() };
}

/** Each value plain and in base64. */
export function spellings(values: ReadonlySet<string>): string[] {
  return [...values].flatMap((value) => [value, btoa(value)]);
}

/** Lines of a file that hold one of these texts; grep, because a log of audits is long. */
export async function linesWith(texts: readonly string[], file: string, folder: string): Promise<string[]> {
  const patterns = join(folder, "patterns");
  await writeFile(patterns, texts.map((text) => `${text}\n`).join(""), { mode: 0o600 });
  const child = spawn("grep", ["-F", "-f", patterns, file], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  if ((await ended) === 2) throw new Error(`cannot search ${file}`);
  return lines;
}
