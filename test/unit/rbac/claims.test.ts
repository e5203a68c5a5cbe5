import { expect, test } from "vitest";
import { rule, user } from "./fixture.ts";
import { access, alices, namespaces, within } from "./grants.ts";

const parts = { namespaces: namespaces("a", "b") };

function asked({ claims }: ReturnType<typeof access>, edge: string) {
  return claims.filter(({ way }) => way.edge === edge).flatMap(({ requests }) => requests);
}

test("a pod made by apply claims a create and a patch of its name, where both hold (handlers/patch.go)", () => {
  const requests = asked(
    access([alices(rule("create", "pods", ["x"])), within("b", user("alice"), rule("patch", "pods", ["x"]))], parts),
    "pods-create",
  );
  const pod = { group: "", resource: "pods", subresource: "", namespace: "b", name: "x" };
  expect(requests).toHaveLength(2);
  expect(requests).toContainEqual({ verb: "create", ...pod });
  expect(requests).toContainEqual({ verb: "patch", ...pod });
});

test("a list with the empty name among others claims a request without a name (evaluation_helpers.go)", () => {
  const secrets = { group: "", resource: "secrets", subresource: "", namespace: "a" };
  const requests = (verb: string, edge: string) =>
    asked(access([within("a", user("alice"), rule(verb, "secrets", ["", "x"]))], parts), edge);
  expect(requests("list", "secrets-list")).toEqual([{ verb: "list", ...secrets, name: "" }]);
  // A get always carries a name.
  expect(requests("get", "secrets-get")).toEqual([{ verb: "get", ...secrets, name: "x" }]);
});
