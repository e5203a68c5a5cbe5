import type { ExposureClassRule } from "../class.ts";
import { secretEnvFix } from "../fix.ts";
import { containerReferences } from "../references.ts";

/** A Secret whose keys become environment variables of a process; the pod object names it and holds no value. */
export const secretEnv: ExposureClassRule = {
  id: "secret-env",
  title: "Secret in a process environment",
  summary: "A Secret's value is in a process's environment; the pod object holds only its name.",
  what: "secretKeyRef and envFrom; describe shows the Secret's name and key, never the value",
  readableBy: "whoever sends a request that returns the Secret: get, list, watch, patch, delete or deletecollection",
  opens: "start of the pod, or of the ephemeral container that gets it",
  closes: "in the process, the end of its containers; the Secret itself is another matter",
  why: [
    "Child processes inherit the environment; crash reports and debug pages print it, and the node shows it in /proc.",
    "It is the value of the container's start: a change of the Secret reaches it with a restart alone.",
    "Whoever may create pods/exec in the running pod reads it by `env`; see pods-exec.",
  ],
  prevent: [
    "Mount the Secret as files: no child inherits them, and the kubelet keeps them current (but not with `subPath`).",
    "Grant `get` on single Secrets by resourceNames, and pods/exec to nobody who may not read the Secret.",
  ],
  needs: ["`list` on cronjobs, jobs and pods", "`--list-secrets`, for when the Secret was made or changed"],
  source: "Kubernetes API reference, EnvVarSource and EnvFromSource",
  find: (context) => containerReferences(context, ["env", "envFrom"], "process"),
  fix: secretEnvFix,
};
