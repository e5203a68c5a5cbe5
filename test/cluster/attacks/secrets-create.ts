import { pathOf } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Attack } from "./attack.ts";
import { getWith, READER, reader, valueIn, type Stage } from "./stage.ts";

const CHOSEN = "chosen";

/** A Secret that the token controller fills with a token of the account it names. */
function tokenSecret({ namespace }: Stage): Stored {
  const annotations = { "kubernetes.io/service-account.name": READER };
  const type = "kubernetes.io/service-account-token";
  return { apiVersion: "v1", kind: "Secret", metadata: { namespace, name: CHOSEN, annotations }, type };
}

async function arrange(stage: Stage): Promise<void> {
  await reader(stage);
  await stage.plane.request("DELETE", pathOf("Secret", stage.namespace, CHOSEN));
}

/** Asks until the controller has filled the Secret. */
async function minted(ask: () => Promise<Stored>): Promise<string> {
  // Not with waitFor, which would go on after a refusal.
  for (let tries = 0; tries < 200; tries++) {
    const secret = await ask();
    if (secret["data"]?.token !== undefined) return valueIn(secret, "token");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("no token came into the Secret in ten seconds");
}

export const attacks: Attack[] = [
  {
    edge: "secrets-create",
    how: "a token Secret for an account that may read the Secret, read by its name",
    rights: (stage) => [stage.here("create", "secrets"), stage.here("get", "secrets", CHOSEN)],
    arrange,
    attack: async (stage) => {
      await stage.send("POST", pathOf("Secret", stage.namespace), tokenSecret(stage));
      const path = pathOf("Secret", stage.namespace, CHOSEN);
      return getWith(stage, await minted(() => stage.send("GET", path)));
    },
  },
  {
    edge: "secrets-create",
    how: "the same by server-side apply, with the name in both rules",
    rights: (stage) => [stage.here("create", "secrets", CHOSEN), stage.here("patch", "secrets", CHOSEN)],
    arrange,
    attack: async (stage) => {
      const path = `${pathOf("Secret", stage.namespace, CHOSEN)}?fieldManager=attacker`;
      const contentType = "application/apply-patch+yaml";
      return getWith(stage, await minted(() => stage.send("PATCH", path, tokenSecret(stage), { contentType })));
    },
  },
];
