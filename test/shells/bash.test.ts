import { test } from "vitest";
import { P, ready, tryShell } from "./own-script.ts";
import { canType } from "./shell.ts";

tryShell("bash");

test.runIf(canType("bash"))(
  "bash without : and = between words, and with bash-completion",
  { timeout: 120_000 },
  async () => {
    const { typing } = await ready(
      "bash",
      "COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]/}\n. /usr/share/bash-completion/bash_completion",
    );
    await typing.becomes(`${P} exposure --fail-on=cr`, `${P} exposure --fail-on=critical `);
    await typing.becomes(`${P} --context arn:aws:`, `${P} --context arn:aws:eks:eu-west-1:1234:cluster/prod `);
  },
);

test.runIf(canType("bash"))("bash without compopt, as before version 4", { timeout: 120_000 }, async () => {
  const { typing } = await ready("bash", "enable -n compopt");
  await typing.becomes(`${P} exposu`, `${P} exposure `);
  await typing.becomes(`${P} exposure cronj`, `${P} exposure cronjob/`);
  await typing.becomes(`${P} exposure --fail-on=cr`, `${P} exposure --fail-on=critical `);
  await typing.becomes(`${P} --context my`, `${P} --context my\\ cluster `);
  await typing.shows(`${P} exposure --fail-on `, ["critical", "high", "medium", "low", "info"]);
});
