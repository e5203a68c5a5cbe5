import { parseDocument } from "yaml";
import type { YAMLMap } from "yaml";
import { ReleaseError } from "./errors.ts";
import { manifestErrors } from "./krew-rules.ts";
import type { Manifest } from "./krew-rules.ts";
import { archiveName } from "./targets.ts";
import type { Target } from "./targets.ts";

/** A platform's archive with its SHA-256, 64 lower-case hex digits. */
export interface Archive {
  target: Target;
  sha256: string;
}

/**
 * krew-manifest.yaml with the version, addresses and sums of a release. krew-release-bot takes the result as a template
 * without anything to fill in. Throws ReleaseError where krew would refuse it, or a platform is missing.
 */
export function filledManifest(template: string, version: string, archives: readonly Archive[]): string {
  // The template's first comment is about the template.
  const document = parseDocument(template.replace(/^(?:#[^\n]{0,400}\n)+/, ""));
  const { homepage, platforms = [] } = (document.toJS() as Manifest).spec ?? {};
  document.setIn(["spec", "version"], `v${version}`);
  const missing = new Set(archives);
  platforms.forEach(({ selector }, index) => {
    const { os, arch } = selector?.matchLabels ?? {};
    const archive = archives.find(({ target }) => target.os === os && target.arch === arch);
    if (archive === undefined)
      throw new ReleaseError(`krew-manifest.yaml has a platform without archive: ${String(os)}/${String(arch)}`);
    missing.delete(archive);
    const platform = document.getIn(["spec", "platforms", index]) as YAMLMap;
    platform.set("uri", `${String(homepage)}/releases/download/v${version}/${archiveName(archive.target, version)}`);
    platform.set("sha256", archive.sha256);
  });
  for (const { target } of missing)
    throw new ReleaseError(`krew-manifest.yaml lacks the platform ${target.os}/${target.arch}`);
  const filled = document.toString({ lineWidth: 0 });
  const [error] = manifestErrors(parseDocument(filled).toJS() as Manifest, "cronaudit.yaml");
  if (error !== undefined) throw new ReleaseError(`krew would refuse krew-manifest.yaml: ${error}`);
  return filled;
}
