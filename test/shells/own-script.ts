import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canType, open, place, type Place, script, type Shell, type Typing, write } from "./shell.ts";

/** What is typed first. */
export const P = "kubectl-cronaudit";

/** A shell that has loaded its script as the script's head says, in a place with evidence and contexts. */
export async function ready(shell: Shell, before = ""): Promise<{ at: Place; typing: Typing }> {
  const at = place();
  const contexts = [
    "dev",
    "arn:aws:eks:eu-west-1:1234:cluster/prod",
    "my cluster",
    "$(touch hit)",
    "a`touch hit`b",
    "it's",
  ];
  const named = contexts.map((name) => ({ name, context: { cluster: "c", user: "u", namespace: "team" } }));
  write(at, "none", JSON.stringify({ apiVersion: "v1", kind: "Config", "current-context": "dev", contexts: named }));
  const meta = (name: string, namespace = "shop"): object => ({ metadata: { name, namespace } });
  const items = [
    { apiVersion: "batch/v1", kind: "CronJob", ...meta("backup") },
    { apiVersion: "batch/v1", kind: "CronJob", ...meta("bills", "office") },
    { apiVersion: "batch/v1", kind: "Job", ...meta("backup-1") },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      ...meta("b"),
      subjects: [{ kind: "User", name: "alice" }],
    },
  ];
  write(at, "evidence/dump.json", JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const path = write(at, `script.${shell}`, script(at, shell));
  const typing = await open(shell, at, `${before}\nsource ${path}`);
  return { at, typing };
}

/** What each shell does with its script; a file for each, so that they run side by side. */
export function tryShell(shell: Shell): void {
  describe.runIf(canType(shell))(shell, { timeout: 120_000 }, () => {
    test("verbs, flags, values and formats", async () => {
      const { typing } = await ready(shell);
      await typing.becomes(`${P} exposu`, `${P} exposure `);
      await typing.shows(`${P} `, ["exposure", "snapshot", "completion", "Show which credential"]);
      await typing.becomes(`${P} help snap`, `${P} help snapshot `);
      await typing.becomes(`${P} exposure --all-r`, `${P} exposure --all-readers `);
      await typing.becomes(`${P} exposure --fail-on h`, `${P} exposure --fail-on high `);
      await typing.becomes(`${P} exposure --fail-on=cr`, `${P} exposure --fail-on=critical `);
      await typing.becomes(`${P} exposure -oya`, `${P} exposure -oyaml `);
      await typing.shows(`${P} exposure --fail-on `, ["critical", "high", "medium", "low", "info"]);
      // Nothing fits, and files are not offered instead.
      await typing.becomes(`${P} exposure --fail-on evi`, `${P} exposure --fail-on evi`);
    });

    test("what has to go on gets no space, and names come from the evidence of -f", async () => {
      const { typing } = await ready(shell);
      await typing.becomes(`${P} exposure cronj`, `${P} exposure cronjob/`);
      await typing.becomes(`${P} exposure -f evi`, `${P} exposure -f evidence/`);
      await typing.becomes(`${P} exposure --filename=evidence/du`, `${P} exposure --filename=evidence/dump.json `);
      const f = `${P} exposure -f evidence/dump.json`;
      await typing.becomes(`${f} cronjob/ba`, `${f} cronjob/backup `);
      await typing.becomes(`${f} cronjob ba`, `${f} cronjob backup `);
      await typing.shows(`${f} cronjob/b`, ["backup", "in shop", "bills", "in office"]);
      await typing.becomes(`${f} -n of`, `${f} -n office `);
      await typing.becomes(`${f} --also tt`, `${f} --also ttl=`);
      await typing.becomes(`${f} --field-selector=metadata.na`, `${f} --field-selector=metadata.name`);
      const access = `${P} access -f evidence/dump.json`;
      await typing.becomes(`${access} use`, `${access} user:`);
      await typing.becomes(`${access} user:al`, `${access} user:alice `);
      const seen = `${P} exposure -f evidence/dump.json --as-seen-by=user:al`;
      await typing.becomes(seen, `${seen}ice `);
    });

    test("odd names reach the program as they are, and nothing in them is carried out", async () => {
      const { at, typing } = await ready(shell);
      write(at, "bin/args", `#!/bin/sh\nfor word; do printf '<%s>' "$word"; done; echo\n`, 0o755);
      const cases = [
        ["--context arn", "arn:aws:eks:eu-west-1:1234:cluster/prod"],
        ["--context=arn:aws:", "arn:aws:eks:eu-west-1:1234:cluster/prod"],
        ["--context my", "my cluster"],
        ["--context my\\ c", "my cluster"],
        ["--context 'my c", "my cluster"],
        ['--context "my', "my cluster"],
        ["--context '$", "$(touch hit)"],
        ["--context a", null],
        ["--context it", "it's"],
      ] as const;
      for (const [typed, word] of cases) {
        await typing.fresh(`${P} ${typed}`);
        typing.terminal.type("\t");
        if (word === null) {
          await typing.settled();
          continue;
        }
        // Carried out, with another command in front of it.
        typing.terminal.type("\u0001args \r");
        await typing.terminal.until((screen) => screen.includes(`<${word}>`) || screen.includes(`=${word}>`));
      }
      expect(existsSync(join(at.home, "hit"))).toBe(false);
    });

    test("in the middle of a line", async () => {
      const { typing } = await ready(shell);
      await typing.fresh(`${P} expos -A`);
      typing.terminal.type("\u001b[D\u001b[D\u001b[D\t");
      await typing.terminal.until((screen) => screen.includes(`${P} exposure`) && screen.includes("-A"));
    });
  });
}
