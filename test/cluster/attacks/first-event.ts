import { readFileSync } from "node:fs";
import { request } from "node:https";
import { createInterface } from "node:readline";
import type { Stored } from "../../control-plane/story.ts";
import { Forbidden } from "./attack.ts";
import type { Stage } from "./stage.ts";

/** Watches as the attacker until the first event, which is an object that is there, and ends the watch. Throws Forbidden on 403. */
export async function firstEvent({ plane, attacker }: Stage, path: string): Promise<Stored> {
  const headers = { authorization: `Bearer ${attacker.token}`, accept: "application/json" };
  const options = { headers, ca: readFileSync(plane.caFile), agent: false };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, plane.server), options, (response) => {
      const end = (finish: () => void) => {
        asked.destroy();
        finish();
      };
      if (response.statusCode === 403) return end(() => reject(new Forbidden(`watch ${path}`)));
      if (response.statusCode !== 200) return end(() => reject(new Error(`${path}: ${String(response.statusCode)}`)));
      const lines = createInterface(response);
      lines.once("line", (line) => end(() => resolve(JSON.parse(line) as Stored)));
      // The answer never ends; that this side ended it is no error.
      lines.on("error", () => undefined);
    });
    asked.once("error", reject);
    asked.end();
  });
}
