import { must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { getWith, READER, reader, valueIn } from "./stage.ts";

const TOKEN = "reader-token";

export const attacks: Attack[] = [
  {
    edge: "secret-token",
    how: "a Secret that it may get holds the token of an account that may read the other one",
    later: true,
    rights: (stage) => [stage.here("get", "secrets", TOKEN)],
    arrange: async (stage) => {
      const { plane, namespace } = stage;
      await reader(stage);
      const path = pathOf("Secret", namespace, TOKEN);
      if ((await plane.request("GET", path)).status === 200) return;
      const annotations = { "kubernetes.io/service-account.name": READER };
      await must(plane, "POST", pathOf("Secret", namespace), {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { namespace, name: TOKEN, annotations },
        type: "kubernetes.io/service-account-token",
      });
      await waitFor("the token", async () => (await must(plane, "GET", path))["data"]?.token !== undefined);
    },
    attack: async (stage) =>
      getWith(stage, valueIn(await stage.send("GET", pathOf("Secret", stage.namespace, TOKEN)), "token")),
  },
];
