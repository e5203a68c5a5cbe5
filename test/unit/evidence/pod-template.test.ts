import { describe, expect, test } from "vitest";
import { KINDS } from "../../../src/evidence/kinds/index.ts";
import { managedSince } from "../../../src/exposure/opened.ts";
import { podWith, projected } from "./projected.ts";

describe("Secret references", () => {
  test("are collected from every place that may name a Secret", async () => {
    const mounted = (name: string): object => ({ name, mountPath: `/${name}` });
    const { object } = await projected(
      "pods",
      podWith(
        {
          env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s-env", key: "a", optional: true } } }],
          envFrom: [{ secretRef: { name: "s-env-from" } }, { configMapRef: { name: "c" } }],
          volumeMounts: ["vol", "proj", "csi"].map(mounted),
        },
        {
          initContainers: [
            { name: "init", env: [{ name: "B", valueFrom: { secretKeyRef: { name: "s-init", key: "b" } } }] },
          ],
          ephemeralContainers: [{ name: "debug", envFrom: [{ secretRef: { name: "s-debug" } }] }],
          volumes: [
            {
              name: "vol",
              secret: {
                secretName: "s-vol",
                items: [
                  { key: "a", path: "x" },
                  { key: "b", path: "y" },
                ],
              },
            },
            { name: "proj", projected: { sources: [{ configMap: { name: "c" } }, { secret: { name: "s-proj" } }] } },
            { name: "csi", csi: { driver: "d", nodePublishSecretRef: { name: "s-csi" } } },
            { name: "f", flexVolume: { secretRef: { name: "s-flex" } } },
            { name: "r", rbd: { secretRef: { name: "s-rbd" } } },
            { name: "c", cephfs: { secretRef: { name: "s-cephfs" } } },
            { name: "i", iscsi: { secretRef: { name: "s-iscsi" } } },
            { name: "s", scaleIO: { secretRef: { name: "s-scaleio" } } },
            { name: "o", storageos: { secretRef: { name: "s-storageos" } } },
            { name: "z", azureFile: { secretName: "s-azure", shareName: "x" } },
          ],
          imagePullSecrets: [{ name: "s-pull" }],
        },
      ),
    );
    expect(
      object.template.secretReferences.map(({ use, secret, keys, containers }) => [
        use,
        secret,
        keys,
        containers.join(),
      ]),
    ).toEqual([
      ["env", "s-env", ["a"], "backup"],
      ["envFrom", "s-env-from", null, "backup"],
      ["env", "s-init", ["b"], "init"],
      ["envFrom", "s-debug", null, "debug"],
      ["volume", "s-vol", ["a", "b"], "backup"],
      ["projected", "s-proj", null, "backup"],
      ["csi", "s-csi", null, "backup"],
      ["storage", "s-flex", null, ""],
      ["storage", "s-rbd", null, ""],
      ["storage", "s-cephfs", null, ""],
      ["storage", "s-iscsi", null, ""],
      ["storage", "s-scaleio", null, ""],
      ["storage", "s-storageos", null, ""],
      ["storage", "s-azure", null, ""],
      ["pull", "s-pull", null, ""],
    ]);
    expect(object.template.secretReferences[0]).toMatchObject({
      optional: true,
      path: "spec.containers[0].env[0].valueFrom.secretKeyRef",
      field: "spec.containers[backup].env[A]",
    });
    expect(object.template.secretReferences[5]).toMatchObject({
      path: "spec.volumes[1].projected.sources[1].secret",
      field: "spec.volumes[proj]",
    });
  });
});

describe("a pod template", () => {
  const withToken = (name: string): object => ({
    volumes: [{ name, projected: { sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3607 } }] } }],
  });

  test("is the same object for two pods that differ only in what admission named at random", async () => {
    const { object, context } = await projected("pods", podWith({}, withToken("kube-api-access-abcde")));
    const other = KINDS.pods.project(podWith({}, withToken("kube-api-access-vwxyz")), context);
    expect(other.template).toBe(object.template);
    expect(object.template.tokens).toEqual([
      { audience: null, expirationSeconds: 3607, path: "spec.volumes[0].projected.sources[0].serviceAccountToken" },
    ]);
  });

  test("tells sidecars from init containers by their restart policy", async () => {
    const spec = {
      initContainers: [{ name: "i" }, { name: "s", restartPolicy: "Always" }],
      ephemeralContainers: [{ name: "e" }],
    };
    const status = {
      initContainerStatuses: [{ name: "s", state: { running: { startedAt: "2026-11-22T05:00:00Z" } } }],
    };
    const { object } = await projected("pods", podWith({}, spec, { status }));
    expect(object.template.containers.map(({ kind }) => kind)).toEqual(["container", "init", "sidecar", "ephemeral"]);
    expect(object.containers[0]).toMatchObject({
      kind: "sidecar",
      state: "running",
      startedAt: "2026-11-22T05:00:00Z",
    });
  });

  test("runs as the ServiceAccount default where it names none", async () => {
    expect((await projected("pods", podWith({}))).object.template.serviceAccountName).toBe("default");
    const deprecated = podWith({}, { serviceAccount: "old" });
    expect((await projected("pods", deprecated)).object.template.serviceAccountName).toBe("old");
  });
});

describe("managedFields", () => {
  test("become the fields that a report dates, relative to the pod", async () => {
    const container = {
      'k:{"name":"backup"}': {
        "f:env": {
          'k:{"name":"DB_PASSWORD"}': { ".": {}, "f:name": {}, "f:value": {} },
          'k:{"name":"FROM_SECRET"}': { ".": {}, "f:name": {}, "f:valueFrom": {} },
          'k:{"name":"EDITED_BY_ANOTHER"}': { ".": {}, "f:name": {} },
        },
        "f:livenessProbe": { "f:httpGet": { "f:path": {}, "f:port": {} } },
        "f:args": {},
        "f:image": {},
      },
    };
    const volumes = {
      'k:{"name":"v"}': { "f:name": {}, "f:secret": {} },
      'k:{"name":"c"}': { "f:csi": { "f:driver": {}, "f:volumeAttributes": { "f:password": {} } } },
      'k:{"name":"f"}': { ".": {}, "f:name": {}, "f:flexVolume": { "f:options": { "f:token": {} } } },
      'k:{"name":"g"}': { "f:gitRepo": { "f:repository": {} } },
      'k:{"name":"e"}': { ".": {}, "f:name": {}, "f:csi": { "f:driver": {} } },
    };
    const fieldsV1 = {
      "f:metadata": { "f:annotations": { "f:example.com/x": {} }, "f:labels": { "f:a": {} } },
      "f:spec": {
        "f:schedule": {},
        "f:jobTemplate": {
          "f:spec": {
            "f:template": {
              "f:metadata": { "f:annotations": { "f:y": {} } },
              "f:spec": { "f:containers": container, "f:volumes": volumes },
            },
          },
        },
      },
    };
    const managedFields = [{ manager: "kubectl", operation: "Apply", time: "2026-11-22T05:00:00Z", fieldsV1 }];
    const { object } = await projected("cronjobs", { metadata: { name: "c", managedFields } });
    expect(object.meta.managedFields).toEqual([
      {
        manager: "kubectl",
        operation: "Apply",
        subresource: null,
        time: "2026-11-22T05:00:00Z",
        fields: [
          "metadata.annotations[example.com/x]",
          "spec.containers[backup].args",
          "spec.containers[backup].env[DB_PASSWORD]",
          "spec.containers[backup].env[FROM_SECRET]",
          "spec.containers[backup].livenessProbe.httpGet.path",
          "spec.volumes[c].csi.volumeAttributes[password]",
          "spec.volumes[f].flexVolume.options[token]",
          "spec.volumes[g].gitRepo.repository",
          "spec.volumes[v].secret",
          "template.metadata.annotations[y]",
        ],
      },
    ]);
  });

  test("of who once set a variable do not date the value that another manager wrote over it", async () => {
    const env = (fields: object): object => {
      const containers = { 'k:{"name":"backup"}': { "f:env": { 'k:{"name":"DB_PASSWORD"}': fields } } };
      const template = { "f:spec": { "f:template": { "f:spec": { "f:containers": containers } } } };
      return { "f:spec": { "f:jobTemplate": template } };
    };
    const entry = (manager: string, time: string, fieldsV1: object): object => ({ manager, time, fieldsV1 });
    const managedFields = [
      entry("kubectl-client-side-apply", "2026-01-01T00:00:00Z", env({ ".": {}, "f:name": {} })),
      entry("kubectl-edit", "2026-11-01T00:00:00Z", env({ "f:value": {} })),
    ];
    const container = { name: "backup", env: [{ name: "DB_PASSWORD", value: "hunter2" }] };
    const spec = { jobTemplate: { spec: { template: { spec: { containers: [container] } } } } };
    const { object } = await projected("cronjobs", { metadata: { name: "c", managedFields }, spec });
    const [literal] = object.job.template.literals;
    expect(managedSince(object.meta, literal?.field ?? "")).toBe(Date.parse("2026-11-01T00:00:00Z"));
  });

  test("date no text that is put together from several fields", async () => {
    const env = [
      { name: "P", value: "hunter2" },
      { name: "URL", value: "postgres://u:$(P)@db" },
    ];
    const owned = { 'k:{"name":"URL"}': { "f:value": {} }, 'k:{"name":"P"}': { "f:value": {} } };
    const containers = { 'k:{"name":"backup"}': { "f:env": owned, "f:args": {} } };
    const template = { "f:spec": { "f:template": { "f:spec": { "f:containers": containers } } } };
    const fieldsV1 = { "f:spec": { "f:jobTemplate": template } };
    const managedFields = [{ manager: "m", time: "2026-01-01T00:00:00Z", fieldsV1 }];
    const container = { name: "backup", env, args: ["--token=$(P)xyz123"] };
    const spec = { jobTemplate: { spec: { template: { spec: { containers: [container] } } } } };
    const { object } = await projected("cronjobs", { metadata: { name: "c", managedFields }, spec });
    const fields = object.job.template.literals.map(({ field }) => field);
    expect(fields).toEqual(["spec.containers[backup].env[URL](expanded)", "spec.containers[backup].args(expanded)"]);
    expect(fields.map((field) => managedSince(object.meta, field))).toEqual([null, null]);
  });

  test("of a role and a binding date rules and subjects", async () => {
    const managed = (fields: object): object => ({ metadata: { name: "r", managedFields: [{ fieldsV1: fields }] } });
    const role = await projected("roles", managed({ "f:rules": {} }));
    expect(role.object.meta.managedFields[0]?.fields).toEqual(["rules"]);
    const binding = await projected("rolebindings", managed({ "f:roleRef": {}, "f:subjects": {} }));
    expect(binding.object.meta.managedFields[0]?.fields).toEqual(["roleRef", "subjects"]);
  });
});

describe("what is kept as text", () => {
  test("is masked where it is recognised as a credential", async () => {
    const raw = podWith(
      { image: "https://u:hunter2@registry/x" },
      {},
      { status: { reason: "postgres://u:hunter2@db" } },
    );
    const labels = { app: "x", password: "hunter2", "api-token": "short", note: "no label's value" };
    const { object } = await projected("pods", { ...raw, metadata: { name: "p", labels } });
    const masked = "<masked>";
    expect(object.meta.labels).toEqual({ app: "x", password: masked, "api-token": masked, note: masked });
    expect(object.template.containers[0]?.image).toBe("<masked>");
    expect(object.reason).toBe("<masked>");
  });

  test("what cannot be read becomes a note", async () => {
    const { notes } = await projected("pods", {
      metadata: { name: "p", namespace: "n" },
      spec: { containers: "none" },
    });
    expect(notes).toEqual(["Pod n/p: spec.containers is not a list of objects, and was not read"]);
  });
});
