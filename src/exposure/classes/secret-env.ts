import type { ExposureClassRule } from "../class.ts";
import { secretEnvFix } from "../fix.ts";
import { containerReferences } from "../references.ts";

/** A Secret whose keys become environment variables of a process; the pod object names it and holds no value. */
export const secretEnv: ExposureClassRule = {
  id: "secret-env",
  title: "Secret in a process environment",
  what: "secretKeyRef and envFrom; describe shows the Secret's name and key, never the value",
  readableBy: "whoever sends a request that returns the Secret: get, list, watch, patch, delete or deletecollection",
  opens: "start of the pod, or of the ephemeral container that gets it",
  closes: "in the process, the end of its containers; the Secret itself is another matter",
  source: "Kubernetes API reference, EnvVarSource and EnvFromSource",
  find: (context) => containerReferences(context, ["env", "envFrom"], "process"),
  fix: secretEnvFix,
};
