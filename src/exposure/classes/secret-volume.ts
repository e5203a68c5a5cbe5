import type { ExposureClassRule } from "../class.ts";
import { referenceFix } from "../fix.ts";
import { containerReferences } from "../references.ts";

/** A Secret that is mounted as files: volumes.secret, projected sources, CSI references. */
export const secretVolume: ExposureClassRule = {
  id: "secret-volume",
  title: "Secret mounted as files",
  what: "volumes.secret, projected Secrets and CSI secret references; the files leave the node when the pod finishes",
  readableBy: "whoever sends a request that returns the Secret: get, list, watch, patch, delete or deletecollection",
  opens: "start of the pod",
  closes: "end of the pod: the kubelet unmounts a finished pod's volumes (SyncTerminatedPod)",
  source: "pkg/kubelet/kubelet.go (SyncTerminatedPod)",
  find: (context) => containerReferences(context, ["volume", "projected", "csi"], "pod"),
  fix: referenceFix,
};
