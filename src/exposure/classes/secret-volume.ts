import type { ExposureClassRule } from "../class.ts";
import { referenceFix } from "../fix.ts";
import { containerReferences } from "../references.ts";

/** A Secret that is mounted as files: volumes.secret, projected sources, CSI references. */
export const secretVolume: ExposureClassRule = {
  id: "secret-volume",
  title: "Secret mounted as files",
  summary: "A Secret is mounted as files while the pod runs; this is how a credential should be handed over.",
  what: "volumes.secret, projected Secrets and CSI secret references; the files leave the node when the pod finishes",
  readableBy: "whoever sends a request that returns the Secret: get, list, watch, patch, delete or deletecollection",
  opens: "start of the pod",
  closes: "end of the pod: the kubelet unmounts a finished pod's volumes (SyncTerminatedPod)",
  why: [
    "While the pod runs, whoever executes in it or holds its node reads the files; afterwards the kubelet has unmounted them.",
    "What stays is the Secret itself, and the node's right to read it while the pod object exists: see node-grant.",
  ],
  prevent: [
    "Nothing has to be done for the files.",
    "Grant `get` on single Secrets by resourceNames; see secrets-list for what wider rights give.",
    "Delete finished pods, so that their node may no longer read the Secret: set `ttlSecondsAfterFinished`.",
  ],
  needs: ["`list` on cronjobs, jobs and pods", "`--list-secrets`, for when the Secret was made or changed"],
  source: "pkg/kubelet/kubelet.go (SyncTerminatedPod)",
  find: (context) => containerReferences(context, ["volume", "projected", "csi"], "pod"),
  fix: referenceFix,
};
